using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Health;

namespace WanTalk.GpuRunner.Lanes;

/// <summary>Serves one lane: takes a message, does its work, takes the next; as many at a time as the lane allows.</summary>
internal sealed class LaneWorker(
    Lane lane,
    int concurrency,
    IWorkQueues queues,
    AttemptHandler handler,
    RunnerReadiness readiness,
    RunnerOptions options,
    TimeProvider time,
    ILogger<LaneWorker> logger) : BackgroundService
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    /// <summary>A disk that was full a moment ago still is: at once, one runner would use up all attempts of a piece of work in a second.</summary>
    private static readonly TimeSpan PauseAfterFullDisk = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => ServeAsync(stoppingToken)));

    private async Task ServeAsync(CancellationToken stoppingToken)
    {
        var queue = queues.ForLane(lane);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (options.SharesLanes && lane != Lane.Media)
                {
                    // Another runner may be ready. Where there is no other, work fails with what is lacking instead of waiting for it.
                    await readiness.WaitAsync(stoppingToken);
                }

                if (await queue.ReceiveAsync(TimeSpan.FromSeconds(options.LeaseSeconds), MaxWait, stoppingToken) is { } message)
                {
                    await HandleAsync(queue, message, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The message comes back when its lease ends; a broken store must not make a busy loop.
                logger.LogError(fault, "The {Lane} lane stumbled", lane);
                await Task.Delay(PauseAfterFault, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(IMessageQueue queue, QueueMessage message, CancellationToken stoppingToken)
    {
        if (await handler.HandleAsync(queue, message, stoppingToken) is not { } error)
        {
            return;
        }

        if (lane != Lane.Media)
        {
            readiness.RestAfter(error);
        }

        if (error.Code == ErrorCode.DiskFull)
        {
            logger.LogWarning("The {Lane} lane waits for {Seconds:0} s, since the disk is full", lane, PauseAfterFullDisk.TotalSeconds);
            await Task.Delay(PauseAfterFullDisk, time, stoppingToken);
        }
    }
}
