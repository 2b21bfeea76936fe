namespace WanTalk.Storage.Local;

/// <summary>Wakes the receivers of one queue that wait in this process.</summary>
internal sealed class QueueSignal
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Completes the next time the signal is raised. Take it before looking at the queue, so that nothing is missed.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes everybody who waits.</summary>
    internal void Raise() => Interlocked.Exchange(ref _next, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
