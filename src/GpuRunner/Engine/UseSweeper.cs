using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// Deletes what uses of the engine have left there (<see cref="EngineUse"/>): those that could not delete it themselves, and windows that were
/// kept for whoever goes on with a take (<see cref="BrokenUse"/>) and that nobody will take over, because another runner has brought the take to
/// its end, the talk is gone, or nobody came back to it. It looks now and then, and once more when the runner stops.
/// </summary>
internal sealed class UseSweeper(
    EngineAccess engine, IArtifactStore store, RunnerOptions options, TimeProvider time, ILogger<UseSweeper> logger) : BackgroundService
{
    /// <summary>How long windows are kept for a talk that failed or was cancelled: who retries it does so soon, or samples a window or two again.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    /// <summary>How long the last look may take: a stopping runner has little time (<see cref="RunnerLife.StopTime"/>).</summary>
    private static readonly TimeSpan LongestLastLook = TimeSpan.FromSeconds(2);

    /// <summary>Looks at all uses that are noted, and deletes what nobody needs.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var over = new List<BrokenUse>();
        foreach (var (use, notedAt) in BrokenUse.All(options.Home))
        {
            if (time.GetUtcNow() - notedAt > KeptFor || !await IsOpenAsync(use, cancellationToken))
            {
                over.Add(use);
            }
        }

        await engine.SweepAsync(over, cancellationToken);
    }

    /// <summary>Looks once more: the engine still answers, and it may be long before another runner uses this home.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LongestLastLook, time);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await LookAsync(soon.Token);
        }
        catch (OperationCanceledException) when (soon.IsCancellationRequested)
        {
            logger.LogInformation("Windows that nobody needs stay on the engine: there was no time left to look for them");
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The runner stops, which has its own look.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is TalkException or IOException)
        {
            logger.LogInformation("Windows that nobody needs stay on the engine for now: {Reason}", failure.Message);
        }
    }

    /// <summary>Whether the take has windows that are not committed.</summary>
    private async Task<bool> IsOpenAsync(BrokenUse use, CancellationToken cancellationToken)
    {
        var paths = new TalkPaths(use.Talk);
        return await store.TryReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken) is { } plan
            && plan.Takes.FirstOrDefault(take => take.Index == use.Take) is { } take
            && !await store.ExistsAsync(paths.Commit(use.Take, take.Windows - 1), cancellationToken);
    }
}
