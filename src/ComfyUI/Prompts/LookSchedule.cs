namespace WanTalk.ComfyUI.Prompts;

/// <summary>
/// When history and queue are to be asked next. As a rule once, when the prompt's last message says so; beyond that only while the socket
/// is silent, and at growing intervals while history lags behind the end.
/// </summary>
internal sealed class LookSchedule
{
    private static readonly TimeSpan HistoryLag = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenQueueChanges = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WhileUnreachable = TimeSpan.FromMilliseconds(250);
    private readonly TimeProvider _time;
    private readonly TimeSpan _silence;
    private long _since;
    private TimeSpan _pause;
    private TimeSpan _nextPause;
    private bool _isOver;

    public LookSchedule(TimeProvider time, TimeSpan silence)
    {
        (_time, _silence, _nextPause) = (time, silence, silence);
        Wait(silence);
    }

    /// <summary>How long there is nothing to ask.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = _pause - _time.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The socket lives: it brought a message of the prompt.</summary>
    public void Heard()
    {
        if (!_isOver)
            Wait(_silence);
    }

    /// <summary>The prompt is over, but history may lag behind that.</summary>
    public void HeardEnd()
    {
        (_isOver, _nextPause) = (true, HistoryLag);
        WaitAtMost(HistoryLag);
    }

    /// <summary>The queue changed, and that may have been this prompt.</summary>
    public void HeardQueueChange() => WaitAtMost(BetweenQueueChanges);

    /// <summary>There is something to be found, or nothing to be heard any more.</summary>
    public void LookNow() => Wait(TimeSpan.Zero);

    /// <summary>History and queue were asked, and the prompt is not over.</summary>
    public void Looked(bool isAnswered)
    {
        Wait(isAnswered ? _nextPause : Shorter(_silence, WhileUnreachable));
        if (isAnswered)
            _nextPause = Shorter(_silence, _nextPause * 2);
    }

    private void WaitAtMost(TimeSpan pause)
    {
        if (Left > pause)
            Wait(pause);
    }

    private void Wait(TimeSpan pause) => (_since, _pause) = (_time.GetTimestamp(), pause);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
