using WanTalk.Core.Preflight;
using WanTalk.Core.Retention;
using WanTalk.Core.Uploads;

namespace WanTalk.Local.Hosting;

/// <summary>Deletes talks, uploads and preflights whose time is over, now and then; what the timer does in the cloud.</summary>
internal sealed class RetentionService(
    TalkRetention retention, UploadRetention uploads, PreflightRetention preflights, RetentionOptions options, TimeProvider time,
    ILogger<RetentionService> logger) : BackgroundService
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
                var looks = await preflights.SweepAsync(stoppingToken);
                if (talks + files + looks > 0)
                {
                    logger.LogInformation(
                        "{Talks} talks, {Uploads} uploads and {Preflights} preflights whose time was over were deleted", talks, files, looks);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                logger.LogError(fault, "Talks, uploads and preflights whose time is over could not be deleted; the next sweep tries again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
