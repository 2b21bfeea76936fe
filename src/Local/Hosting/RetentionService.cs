using WanTalk.Core.Retention;
using WanTalk.Core.Uploads;

namespace WanTalk.Local.Hosting;

/// <summary>Deletes talks and uploads whose time is over, now and then; what the timer does in the cloud.</summary>
internal sealed class RetentionService(
    TalkRetention retention, UploadRetention uploads, RetentionOptions options, TimeProvider time, ILogger<RetentionService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval, time);
        do
        {
            try
            {
                var (talks, files) = (await retention.SweepAsync(stoppingToken), await uploads.SweepAsync(stoppingToken));
                if (talks + files > 0)
                {
                    logger.LogInformation("{Talks} talks and {Uploads} uploads whose time was over were deleted", talks, files);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                logger.LogError(fault, "Talks and uploads whose time is over could not be deleted; the next sweep tries again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
