using System.Text.Json.Nodes;
using WanTalk.Waiting;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Every submission of every recording, from the client's side of a server that answers as the recorded one did.</summary>
public sealed class RecordedPromptSpecs
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static TheoryData<string> WithPrompts => [.. RecordedEnds.Recordings];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(WithPrompts))]
    public async Task A_prompt_comes_to_what_it_came_to_when_it_was_recorded(string name)
    {
        var recording = Recording.Load(name);
        var expected = RecordedEnds.Of(name);
        Assert.Equal(expected.Count, recording.Prompts.Count);
        await using var server = await ReplayServer.StartAsync(recording);
        using var hearing = server.NewClient(Patience.Great);
        using var looking = server.NewClient(Patience.Great with { SilenceBeforePolling = TimeSpan.FromMilliseconds(200) });

        foreach (var (prompt, (title, end)) in recording.Prompts.Zip(expected))
        {
            Assert.StartsWith(title, prompt.Title, StringComparison.Ordinal);
            if (end == RecordedEnds.None)
                Assert.False(prompt.HasEnd);
            else
                Assert.Equal(end, await PlayAsync(server, prompt.TellsEnd ? hearing : looking, prompt, end));
        }
    }

    private static async Task<string> PlayAsync(ReplayServer server, ComfyClient client, RecordedPrompt prompt, string end)
    {
        // Who has to look for the end might find it before its progress is heard: it ends when that is.
        var isHeld = prompt.HasEnd && !prompt.TellsEnd;
        var replayed = server.Expect(prompt, isHeld ? ReplayHold.Running : ReplayHold.None);
        var progress = new ProgressList();
        var chosen = prompt.IsIdChosen && prompt.Id is not "" ? prompt.Id : null;
        var options = new PromptOptions { PromptId = chosen, Previews = true, Progress = progress };
        try
        {
            var run = client.RunPromptAsync(prompt.GraphCopy(), options, Stop);
            if (prompt.IsInterrupted)
            {
                await replayed.ReachedAsync(Stop);
                await client.InterruptAsync(replayed.Id, Stop);
            }
            if (isHeld)
            {
                await Wait.UntilAsync(() => Task.FromResult(progress.ToString() == ProgressIn(end)), Longest, $"the progress of \"{end}\"");
                replayed.Release();
            }
            return Describe(await run) + progress;
        }
        catch (ComfyException error) when (error.Kind == ComfyErrorKind.Refused)
        {
            return $"http {(int)error.Status!}";
        }
    }

    private static string ProgressIn(string end) => end.IndexOf(" | ", StringComparison.Ordinal) is var at and >= 0 ? end[at..] : "";

    private static string Describe(PromptOutcome outcome) => outcome.Failure is { } failure
        ? Describe(failure)
        : string.Join(' ', ["ok", .. outcome.Outputs.OrderBy(output => output.Key, StringComparer.Ordinal).Select(Describe)]);

    private static string Describe(KeyValuePair<string, JsonObject> output)
    {
        var items = output.Value.First().Value!.AsArray();
        var shown = items.Select(item => item is JsonObject file ? (string)file["filename"]! : item!.ToString());
        return $"{output.Key}={string.Join('+', shown)}";
    }

    private static string Describe(PromptFailure failure)
    {
        // Whatever a log shows of it is one line.
        Assert.DoesNotContain('\n', failure.Message);
        return failure.Kind switch
        {
            PromptFailureKind.Validation => Words(["refused", failure.GraphError, .. Faults(failure)]),
            PromptFailureKind.Execution => $"failed {failure.NodeId} {failure.NodeClass} {failure.ExceptionType}",
            PromptFailureKind.OutOfMemory => $"oom {failure.NodeId} {failure.NodeClass} {failure.ExceptionType}",
            PromptFailureKind.Interrupted => $"interrupted {failure.NodeId} {failure.NodeClass}",
            PromptFailureKind.OutputMissing => Words(["missing", failure.NodeId, .. failure.MissingFiles.Select(file => file.Path)]),
            _ => failure.Kind.ToString(),
        };
    }

    private static string Words(IEnumerable<string?> words) => string.Join(' ', words.Where(word => word is not null));

    private static IEnumerable<string> Faults(PromptFailure failure) => failure.NodeErrors
        .GroupBy(error => error.Type)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key}:{string.Join(',', group.Select(error => error.NodeId).Order(StringComparer.Ordinal))}");

    private sealed class ProgressList : IProgress<PromptProgress>
    {
        private readonly List<PromptProgress> _heard = [];
        private readonly Lock _gate = new();

        public void Report(PromptProgress value)
        {
            lock (_gate)
                _heard.Add(value);
        }

        public override string ToString()
        {
            lock (_gate)
                return _heard.Count == 0 ? "" : " | " + string.Join(' ', _heard.Select(each => $"{each.Node}:{each.Value}/{each.Max}"));
        }
    }
}
