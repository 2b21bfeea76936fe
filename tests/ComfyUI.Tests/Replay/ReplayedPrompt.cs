using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Where a replayed prompt stops of its own accord, for a test to do something meanwhile.</summary>
public enum ReplayHold
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>In the queue, for ever.</summary>
    Pending,

    /// <summary>Behind its last progress and before its end, until it is interrupted or released.</summary>
    Running,

    /// <summary>Behind its result, which is in history: what is left of its messages is held back until it is released.</summary>
    Told,
}

/// <summary>A recorded prompt that is being played to a client.</summary>
public sealed class ReplayedPrompt(RecordedPrompt recorded, ReplayHold hold)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordedPrompt Recorded => recorded;

    /// <summary>The id that the client gave it.</summary>
    public string Id { get; set; } = "";

    /// <summary>The client id under which it was sent.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>How often its history is still empty after its end was told; meanwhile it stands in the queue as running.</summary>
    public int HistoryLag { get; set; }

    /// <summary>How many interrupts have no effect.</summary>
    public int LostInterrupts { get; set; }

    /// <summary>Interrupts that came for it.</summary>
    public int Interrupts { get; private set; }

    /// <summary>Something that is done to what the server tells of the prompt, before it is told.</summary>
    public Action<JsonObject>? Spoil { get; set; }

    /// <summary>Waits until the prompt has come to where it stops of its own accord.</summary>
    public async Task ReachedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _reached.Task.WaitAsync(Longest, cancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The prompt \"{Id}\" did not come to where it stops ({hold}).");
        }
    }

    public void Release() => _released.TrySetResult();

    public void Interrupt()
    {
        if (++Interrupts > LostInterrupts)
            _interrupted.TrySetResult();
    }

    /// <summary>Plays the prompt; the server is what it happens on.</summary>
    public async Task PlayAsync(ReplayState server, CancellationToken stop)
    {
        if (hold == ReplayHold.Pending)
            await StandAsync(stop);
        server.Take(this);
        foreach (var frame in recorded.Frames)
        {
            var type = RecordedPrompt.TypeOf(frame);
            if (type == "execution_interrupted" || (hold == ReplayHold.Running && type == "execution_success"))
                await StandAsync(stop);
            if (_interrupted.Task.IsCompleted && !recorded.IsInterrupted)
            {
                await InterruptedAsync(server, stop);
                return;
            }
            if (RecordedPrompt.IsLast(frame) && HistoryLag == 0)
                server.Finish(this, MakeHistory());
            if (type == "execution_start" && hold == ReplayHold.Told)
            {
                server.Finish(this, MakeHistory());
                await StandAsync(stop);
            }
            await server.SendAsync(this, frame, stop);
            if (type == "execution_success" && HistoryLag > 0)
                server.FinishLate(this, MakeHistory(), HistoryLag);
        }
        if (!recorded.HasEnd || (hold == ReplayHold.Running && !recorded.TellsEnd))
            await StandAsync(stop);
        if (HistoryLag == 0)
            server.Finish(this, MakeHistory());
    }

    private async Task StandAsync(CancellationToken stop)
    {
        _reached.TrySetResult();
        await Task.WhenAny(_interrupted.Task, _released.Task).WaitAsync(stop);
    }

    private async Task InterruptedAsync(ReplayState server, CancellationToken stop)
    {
        var about = new JsonObject { ["prompt_id"] = Id, ["node_id"] = "10", ["node_type"] = "ProbeSleep", ["executed"] = new JsonArray() };
        var entry = MakeHistory();
        entry["outputs"] = new JsonObject();
        entry["status"] = new JsonObject
        {
            ["status_str"] = "error",
            ["completed"] = false,
            ["messages"] = new JsonArray(new JsonArray("execution_interrupted", about.DeepClone())),
        };
        await server.SendAsync(this, Frame("execution_interrupted", about), stop);
        server.Finish(this, entry);
        await server.SendAsync(this, Frame("executing", new JsonObject { ["node"] = null, ["prompt_id"] = Id }), stop);
    }

    private static JsonObject Frame(string type, JsonObject data) =>
        new() { ["json"] = new JsonObject { ["type"] = type, ["data"] = data } };

    private JsonObject MakeHistory()
    {
        var entry = (JsonObject)Translation.Translate(recorded.History ?? recorded.MakeHistory(), recorded.Id!, Id)!;
        entry["prompt"]![1] = Id;
        Spoil?.Invoke(entry);
        return entry;
    }
}
