using System.Net.Http.Json;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>A GPU whose memory runs out costs time and not the talk.</summary>
public sealed class OutOfMemorySpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_talk_goes_on_at_the_failed_window_with_more_blocks_swapped_says_so_and_has_the_same_bytes()
    {
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        var undisturbed = await TalkAsync(engine, "undisturbed.mp4");
        await ArmAsync(engine, new { kind = "out_of_memory", window = 1, count = 3 });

        var disturbed = await TalkAsync(engine, "disturbed.mp4");

        Assert.DoesNotContain(undisturbed.Error, line => line.Contains("memory ran out", StringComparison.Ordinal));
        var note = Assert.Single(disturbed.Error, line => line.Contains("memory ran out", StringComparison.Ordinal));
        Assert.Contains("windows 1 to 2 of take 0 were made with 40 blocks swapped.", note, StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllBytesAsync(_folder.File("undisturbed.mp4"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(_folder.File("disturbed.mp4"), TestContext.Current.CancellationToken));
        // Window 0 was committed before, and was not made again.
        using var history = System.Text.Json.JsonDocument.Parse(await engine.GetAsync("history"));
        var first = history.RootElement.EnumerateObject().Select(prompt => prompt.Value.GetProperty("prompt")[2])
            .Where(graph => graph.TryGetProperty("213", out _))
            .Select(graph => graph.GetProperty("213").GetProperty("inputs").GetProperty("window_index").GetInt32());
        Assert.Equal([0, 0, 1, 1, 1], first);
    }

    private async Task<CommandResult> TalkAsync(EngineProcess engine, string name)
    {
        var result = await WanTalkCommand.RunAsync(
            _folder, "talk", Repository.Portrait, Repository.Speech, "--comfyui", engine.Address, "--width", "128", "--height", "128", "--seed", "3",
            "--out", name);
        Assert.True(result.ExitCode == 0, result.Said);
        return result;
    }

    private static async Task ArmAsync(EngineProcess engine, object fault)
    {
        using var http = new HttpClient { BaseAddress = new Uri(engine.Address) };
        using var answer = await http.PostAsJsonAsync("understudy/faults", fault, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
