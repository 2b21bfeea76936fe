using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Faults;

/// <summary>
/// Finished prompts that history does not show yet and the queue still shows as running: for so many seconds and so many looks at history.
/// Not safe for several threads: the queue asks under its own lock.
/// </summary>
internal sealed class HistoryFaults(FaultBoard board, TimeProvider time)
{
    private readonly List<Held> _held = [];

    private sealed record Held(PromptItem Item, DateTimeOffset Until, CancellationToken Cleared)
    {
        public int Looks { get; set; }
    }

    /// <summary>The prompts that are over, though nobody may know it.</summary>
    public IEnumerable<PromptItem> Unseen
    {
        get
        {
            LetGo();
            return _held.Select(held => held.Item);
        }
    }

    /// <summary>A prompt is over; if the fault is armed, that stays unseen for a while.</summary>
    public void Finished(PromptItem item)
    {
        if (board.StrikeAndHold(FaultKind.StalledHistory, fits: null, out var cleared) is { } fault)
            _held.Add(new Held(item, time.GetUtcNow() + TimeSpan.FromSeconds(fault.Seconds), cleared) { Looks = fault.Looks });
    }

    /// <summary>Whether history hides a prompt from this look.</summary>
    public bool HidesFrom(string id)
    {
        LetGo();
        var held = _held.FindAll(one => one.Item.Id == id);
        foreach (var one in held)
            one.Looks--;
        return held.Count > 0;
    }

    private void LetGo() => _held.RemoveAll(held =>
        (held.Looks <= 0 && held.Until <= time.GetUtcNow()) || held.Cleared.IsCancellationRequested);
}
