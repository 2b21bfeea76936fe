using WanTalk.Core.Orchestration;
using WanTalk.Core.Work;

namespace WanTalk.Local.Hosting;

/// <summary>Raises the events that runners' completion messages ask for; what the StageCompleted trigger does in the cloud.</summary>
internal sealed class CompletionPump(
    IWorkQueues queues, IOrchestrationClient orchestrations, TimeProvider time, ILogger<CompletionPump> logger) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await queues.Completions.ReceiveAsync(Lease, MaxWait, stoppingToken) is { } message)
                {
                    await RaiseAsync(message, stoppingToken);
                    await queues.Completions.DeleteAsync(message, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                logger.LogError(fault, "A completion could not be delivered; the orchestration will look for the result itself");
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RaiseAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        if (CompletionMessage.TryRead(message.Body) is not { } completion)
        {
            logger.LogError("Dropped a completion that is none: {Body}", message.Body);
            return;
        }

        await orchestrations.RaiseEventAsync(completion.Reply.Instance, completion.Reply.Event, completion.Work, cancellationToken);
    }
}
