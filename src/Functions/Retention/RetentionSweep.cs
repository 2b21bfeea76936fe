using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Retention;
using WanTalk.Core.Uploads;
using WanTalk.Functions.Hosting;

namespace WanTalk.Functions.Retention;

/// <summary>
/// Deletes talks, uploads and preflights whose time is over, at most once an interval in each instance of the host. A timer alone is not relied on: an
/// app that is scaled to nothing may miss it, so whatever else wakes the app sweeps, too.
/// </summary>
public sealed class RetentionSweep(
    TalkServices services, UploadRetention uploads, RetentionOptions options, TimeProvider time, ILogger<RetentionSweep> logger)
{
    private long _nextTicks;

    /// <summary>Sweeps, unless this instance did so lately. A sweep that fails is logged, and holds nobody up.</summary>
    public async Task RunIfDueAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (next, now) = (Interlocked.Read(ref _nextTicks), time.GetUtcNow().UtcTicks);
        if (now < next || Interlocked.CompareExchange(ref _nextTicks, now + options.Interval.Ticks, next) != next)
        {
            return;
        }

        try
        {
            var (talks, files) = (await services.RetentionFor(client).SweepAsync(cancellationToken), await uploads.SweepAsync(cancellationToken));
            var looks = await services.PreflightRetentionFor(client).SweepAsync(cancellationToken);
            logger.LogInformation(
                "{Talks} talks, {Uploads} uploads and {Preflights} preflights whose time was over were deleted", talks, files, looks);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(fault, "Talks, uploads and preflights whose time is over could not be deleted; the next sweep tries again");
        }
    }
}
