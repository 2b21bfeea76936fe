using WanTalk.Core.Work;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A real queue whose renewals, as of a machine that stands still, or their answers, can be made to wait.</summary>
internal sealed class StalledRenewals(IMessageQueue queue) : IMessageQueue
{
    private volatile TaskCompletionSource _gate = NewGate(open: true);
    private volatile TaskCompletionSource _answers = NewGate(open: true);
    private int _answersToStall;
    private volatile bool _hasUnanswered;

    /// <summary>Whether a renewal was done whose answer is waited for.</summary>
    public bool HasUnanswered => _hasUnanswered;

    /// <summary>Renewals wait before they are done.</summary>
    public void Stall() => _gate = NewGate(open: false);

    /// <summary>The next renewal is done, and its answer waits; those after it are answered.</summary>
    public void StallNextAnswer()
    {
        _answers = NewGate(open: false);
        _answersToStall = 1;
    }

    public void GoOn()
    {
        _gate.TrySetResult();
        _answers.TrySetResult();
    }

    public async Task<QueueMessage?> RenewAsync(QueueMessage message, TimeSpan lease, CancellationToken cancellationToken)
    {
        await _gate.Task.WaitAsync(cancellationToken);
        var renewed = await queue.RenewAsync(message, lease, cancellationToken);
        if (Interlocked.Exchange(ref _answersToStall, 0) > 0)
        {
            _hasUnanswered = true;
            await _answers.Task.WaitAsync(cancellationToken);
        }

        return renewed;
    }

    public Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken) => queue.SendAsync(body, delay, cancellationToken);

    public Task<QueueMessage?> ReceiveAsync(TimeSpan lease, TimeSpan maxWait, CancellationToken cancellationToken) =>
        queue.ReceiveAsync(lease, maxWait, cancellationToken);

    public Task<bool> DeleteAsync(QueueMessage message, CancellationToken cancellationToken) => queue.DeleteAsync(message, cancellationToken);

    public Task<int> CountAsync(CancellationToken cancellationToken) => queue.CountAsync(cancellationToken);

    private static TaskCompletionSource NewGate(bool open)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (open)
        {
            gate.SetResult();
        }

        return gate;
    }
}
