namespace WanTalk.GpuRunner.Processes;

/// <summary>Pauses that double from one to the next, up to a longest one.</summary>
/// <param name="first">The first pause.</param>
/// <param name="longest">The longest pause.</param>
public sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private TimeSpan? _next;

    /// <summary>The longest pause.</summary>
    public TimeSpan Longest => longest;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        var pause = _next ?? first;
        _next = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, longest.Ticks));
        return pause;
    }

    /// <summary>Begins with the first pause again.</summary>
    public void Reset() => _next = null;
}
