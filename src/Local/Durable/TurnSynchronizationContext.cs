namespace WanTalk.Local.Durable;

/// <summary>
/// Keeps an orchestrator's code on the one thread that runs the turn. A callback from any other thread, or after the turn, can only come
/// from a task that is not the context's; such code would not replay, so the callback is dropped and reported.
/// </summary>
/// <param name="onLateCallback">Called, on any thread, when a foreign callback comes after the turn.</param>
internal sealed class TurnSynchronizationContext(Action onLateCallback) : SynchronizationContext
{
    private readonly Lock _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _callbacks = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _closed;

    /// <summary>Whether a foreign callback or call was seen during the turn.</summary>
    public bool IsForeignSeen { get; private set; }

    /// <summary>Runs a step of the turn, and all that follows from it, on the calling thread.</summary>
    public void Run(Action step)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            step();
            while (_callbacks.TryDequeue(out var next))
                next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Ends the turn.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
    }

    /// <summary>Whether the caller is the turn's code; if not, that is reported.</summary>
    public bool IsTurn()
    {
        bool isLate;
        lock (_gate)
        {
            if (!_closed && Environment.CurrentManagedThreadId == _thread)
                return true;
            isLate = _closed;
            IsForeignSeen = true;
        }
        if (isLate)
            onLateCallback();
        return false;
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsTurn())
            _callbacks.Enqueue((d, state));
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsTurn())
            d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
