using WanTalk.Core.Work;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A real queue whose renewals, as of a machine that stands still, can be made to wait.</summary>
internal sealed class StalledRenewals(IMessageQueue queue) : IMessageQueue
{
    private TaskCompletionSource _gate = NewGate(open: true);

    public void Stall() => _gate = NewGate(open: false);

    public void GoOn() => _gate.SetResult();

    public async Task<QueueMessage?> RenewAsync(QueueMessage message, TimeSpan lease, CancellationToken cancellationToken)
    {
        await _gate.Task.WaitAsync(cancellationToken);
        return await queue.RenewAsync(message, lease, cancellationToken);
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
