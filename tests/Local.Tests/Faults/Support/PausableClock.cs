namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>The system's clock, whose timers can be kept from firing: what a runner does by itself stands still, as if it were stopped.</summary>
internal sealed class PausableClock : TimeProvider
{
    private volatile bool _paused;

    public void Pause() => _paused = true;

    public void GoOn() => _paused = false;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(
        timerState =>
        {
            if (!_paused)
            {
                callback(timerState);
            }
        },
        state, dueTime, period);
}
