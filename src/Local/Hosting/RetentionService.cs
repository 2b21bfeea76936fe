using WanTalk.Core.Retention;

namespace WanTalk.Local.Hosting;

/// <summary>Deletes talks whose time is over, now and then; what the timer does in the cloud.</summary>
internal sealed class RetentionService(TalkRetention retention, RetentionOptions options, TimeProvider time, ILogger<RetentionService> logger)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval, time);
        do
        {
            try
            {
                var talks = await retention.SweepAsync(stoppingToken);
                if (talks > 0)
                {
                    logger.LogInformation("{Talks} talks whose time was over were deleted", talks);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                logger.LogError(fault, "Talks whose time is over could not be deleted; the next sweep tries again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
