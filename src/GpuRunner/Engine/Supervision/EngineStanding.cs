namespace WanTalk.GpuRunner.Engine.Supervision;

/// <summary>How it stands with the engine now, for those who wait for a change of it.</summary>
internal sealed class EngineStanding(RecentLines recent, TimeProvider time)
{
    private readonly Lock _gate = new();
    private EngineStatus _now = new(EngineState.Starting, time.GetUtcNow(), null, 0, null, []);
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is known now.</summary>
    public EngineStatus Now
    {
        get
        {
            lock (_gate)
            {
                return _now with { RecentLines = recent.All };
            }
        }
    }

    /// <summary>How it stands, where, and why, and a task that completes when more is known.</summary>
    public (EngineStatus Now, Task Change) Watch()
    {
        lock (_gate)
        {
            return (_now, _change.Task);
        }
    }

    /// <summary>It answers.</summary>
    public void Answers(Uri address) => Set(now => now with { State = EngineState.Answering, Address = address });

    /// <summary>It died.</summary>
    /// <param name="reason">Of what, on one line.</param>
    /// <param name="givenUp">Whether that was once too often.</param>
    public void Died(string reason, bool givenUp) => Set(now => now with
    {
        State = givenUp ? EngineState.GivenUp : EngineState.Restarting,
        Address = null,
        Deaths = now.Deaths + 1,
        LastReason = reason,
    });

    /// <summary>It is ended and started again because it was asked for.</summary>
    public void IsRestarted() => Set(now => now with { State = EngineState.Restarting, Address = null });

    /// <summary>It does not answer at the address that was given.</summary>
    public void IsUnreachable(string reason) =>
        Set(now => now with { State = EngineState.Unreachable, Address = null, LastReason = reason });

    private void Set(Func<EngineStatus, EngineStatus> next)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            var before = _now.State;
            _now = next(_now);
            if (_now.State != before)
            {
                _now = _now with { Since = time.GetUtcNow() };
            }

            told = _change;
            _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.TrySetResult();
    }
}
