using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Telemetry;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Telemetry;

namespace WanTalk.GpuRunner.Lanes;

/// <summary>
/// Takes one message from a lane to its result. Messages may come twice, late or for talks that are gone: an attempt that has a result is
/// told again and dropped; one whose talk is gone is dropped, with what was written for it since: nobody else would take that away.
/// </summary>
internal sealed class AttemptHandler(
    IArtifactStore store,
    IWorkQueues queues,
    IEnumerable<IStage> stages,
    RunnerOptions options,
    TimeProvider time,
    ILogger<AttemptHandler> logger)
{
    /// <summary>The end of work that nobody waits for, because the attempt has another result already; it is not stored.</summary>
    private static readonly TalkError Superseded = new(ErrorCode.Cancelled, "The attempt has a result already.");

    // What Linux says when a disk, or the share of it that is allowed, is used up.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    private readonly Dictionary<Stage, IStage> _stages = stages.ToDictionary(stage => stage.Stage);
    private readonly ConcurrentDictionary<string, AttemptHold?> _underWay = new(StringComparer.Ordinal);

    /// <summary>Handles a message that was received from a lane.</summary>
    /// <returns>What the work failed with on this runner; null when it did not, or none was done.</returns>
    public async Task<TalkError?> HandleAsync(IMessageQueue queue, QueueMessage message, CancellationToken runnerStops)
    {
        if (Parse(message) is not { } work)
        {
            logger.LogError("Dropped a message that is no work: {Body}", message.Body);
            await queue.DeleteAsync(message, runnerStops);
        }
        else if (_underWay.TryAdd(work.Attempt, null))
        {
            using var scope = logger.BeginScope(TalkScope.Of(work.Talk, work.Attempt));
            try
            {
                return await HandleAsync(queue, message, work, runnerStops);
            }
            finally
            {
                _underWay.TryRemove(work.Attempt, out _);
            }
        }
        else if (_underWay.TryGetValue(work.Attempt, out var hold))
        {
            // This runner is at it. A copy that was sent again is left alone: it comes back when its lease ends, to find the result.
            hold?.Hold(message);
        }

        return null;
    }

    private async Task<TalkError?> HandleAsync(IMessageQueue queue, QueueMessage message, WorkReference work, CancellationToken runnerStops)
    {
        var paths = TalkPaths.Of(work);
        var request = await store.TryReadJsonAsync<AttemptRequest>(
            paths.AttemptRequest(work.Stage, work.Key, work.Attempt), runnerStops);
        if (request is null)
        {
            await DropAsync(queue, message, paths, work, runnerStops);
            return null;
        }

        if (await store.ExistsAsync(paths.AttemptResult(work.Stage, work.Key, work.Attempt), runnerStops))
        {
            await FinishAsync(queue, message, request, runnerStops);
            return null;
        }

        if (options.SharesLanes && await IsHeldElsewhereAsync(paths, work, runnerStops))
        {
            // The message comes back when its lease ends; until then the other runner has its result, or has fallen silent.
            return null;
        }

        using var span = RunnerTelemetry.Begin(request, message.DeliveryCount, time.GetUtcNow());
        var progress = new AttemptProgress();
        await using var hold = await AttemptHold.TakeAsync(
            store, queue, message, work, progress, options, time, logger, runnerStops);
        _underWay[work.Attempt] = hold;
        if (work.Stage is Stage.Prepare or Stage.Preflight)
        {
            await store.TryCreateJsonAsync(paths.Started, new TalkStart(time.GetUtcNow(), options.Name), runnerStops);
        }

        var result = await WorkAsync(request, paths, progress, hold, runnerStops);
        await hold.StopAsync();
        if (hold.Message is not { } held)
        {
            return null;
        }

        if (result is null)
        {
            // The runner stops: the message is given back at once instead of at the lease's end, and without a heartbeat, which would keep
            // other runners away from it.
            await store.DeleteAsync(paths.Heartbeat(work.Stage, work.Key, work.Attempt), CancellationToken.None);
            await queue.RenewAsync(held, TimeSpan.Zero, CancellationToken.None);
            return null;
        }

        RunnerTelemetry.End(span, work.Stage, result);
        await store.TryCreateJsonAsync(paths.AttemptResult(work.Stage, work.Key, work.Attempt), result, runnerStops);
        if (!await store.ExistsAsync(paths.AttemptRequest(work.Stage, work.Key, work.Attempt), runnerStops))
        {
            await DropAsync(queue, held, paths, work, runnerStops);
            return null;
        }

        await FinishAsync(queue, held, request, runnerStops);
        return result.Error;
    }

    /// <summary>Drops a message that asks for nothing any more. A talk is gone when its own request is, too.</summary>
    private async Task DropAsync(
        IMessageQueue queue, QueueMessage message, TalkPaths paths, WorkReference work, CancellationToken cancellationToken)
    {
        logger.LogInformation("Dropped {Work}: its talk is gone", work);
        if (!await store.ExistsAsync(paths.Request, cancellationToken))
        {
            await store.DeleteFolderAsync(paths.Root, cancellationToken);
        }

        await queue.DeleteAsync(message, cancellationToken);
    }

    /// <summary>Does the work of an attempt; null when the runner stops or the hold was lost before there was a result.</summary>
    private async Task<AttemptResult?> WorkAsync(
        AttemptRequest request, TalkPaths paths, AttemptProgress progress, AttemptHold hold, CancellationToken runnerStops)
    {
        var begun = Stopwatch.GetTimestamp();
        var scratch = Path.Combine(options.Home.Scratch, request.Work.Attempt);
        Directory.CreateDirectory(scratch);
        var report = StageReport.Empty;
        TalkError? error = null;
        try
        {
            error = await Cancellation.ReasonAsync(store, paths, hold.Token);
            if (error is null)
            {
                report = await _stages[request.Work.Stage].RunAsync(
                    new StageContext(request, paths, scratch, progress), hold.Token);
            }
        }
        catch (OperationCanceledException) when (hold.IsOver)
        {
            error = await Cancellation.ReasonAsync(store, paths, runnerStops) ?? Superseded;
        }
        catch (OperationCanceledException) when (runnerStops.IsCancellationRequested || hold.Message is null)
        {
            return null;
        }
        catch (TalkException failure)
        {
            logger.LogWarning("{Work} failed: {Error}", request.Work, failure.Error);
            error = failure.Error;
        }
        catch (IOException full) when (full.HResult is NoSpace or QuotaExceeded)
        {
            logger.LogWarning("{Work} failed: {Message}", request.Work, full.Message);
            error = new TalkError(ErrorCode.DiskFull, $"The disk that holds {options.Home.Scratch} is full. Free some space there, and retry the talk.");
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "{Work} failed", request.Work);
            error = new TalkError(ErrorCode.Internal, $"{failure.GetType().Name}: {FirstLine(failure.Message)}");
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        logger.LogInformation("{Work} took {Seconds:0.00} s", request.Work, seconds);
        return new AttemptResult(
            error, seconds, options.Name, progress.EngineTime.TotalSeconds, report.SecondsPerWindow, report.NextWindow);
    }

    /// <summary>
    /// Whether another runner is at it. A heartbeat is written a moment after the lease was renewed: half a beat is allowed for that, or the
    /// message of a runner that died would come back at its lease's end only to be left alone for another lease.
    /// </summary>
    private async Task<bool> IsHeldElsewhereAsync(TalkPaths paths, WorkReference work, CancellationToken cancellationToken) =>
        await store.TryReadJsonAsync<Heartbeat>(paths.Heartbeat(work.Stage, work.Key, work.Attempt), cancellationToken) is { } beat
        && beat.Runner != options.Name
        && (time.GetUtcNow() - beat.At).TotalSeconds < options.LeaseSeconds - (options.HeartbeatSeconds / 2);

    private async Task FinishAsync(IMessageQueue queue, QueueMessage message, AttemptRequest request, CancellationToken cancellationToken)
    {
        var completion = Encoding.UTF8.GetString(CoreJson.ToBytes(new Completion(request.Reply, request.Work)));
        await queues.Completions.SendAsync(completion, TimeSpan.Zero, cancellationToken);
        await queue.DeleteAsync(message, cancellationToken);
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    /// <summary>Reads a message; null when it is no JSON, or names what cannot be an attempt.</summary>
    private static WorkReference? Parse(QueueMessage message)
    {
        try
        {
            if (JsonSerializer.Deserialize<WorkReference>(message.Body, CoreJson.Options) is not { } work)
            {
                return null;
            }

            _ = TalkPaths.Of(work).Attempt(work.Stage, work.Key, work.Attempt);
            return work;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
