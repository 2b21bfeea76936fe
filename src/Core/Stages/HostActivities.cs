using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Telemetry;
using WanTalk.Core.Work;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Stages;

/// <summary>What an orchestration has done outside itself; the same in every host. Each may run more than once.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="queues">The lanes.</param>
/// <param name="time">The clock against which heartbeats are read.</param>
public sealed class HostActivities(IArtifactStore store, IWorkQueues queues, TimeProvider time)
{
    /// <summary>Whose a result is that no runner wrote.</summary>
    private const string HostName = "host";

    private static readonly TalkError Silence = new(ErrorCode.AttemptsExhausted, "Its runner stopped answering.");

    /// <summary>Hands work over: writes the attempt's request once, and puts a reference to it on the lane's queue each time.</summary>
    /// <returns>Always true; activities have results.</returns>
    public async Task<bool> HandOverAsync(AttemptRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var work = request.Work;
        var paths = TalkPaths.Of(work);
        using var span = TalkTelemetry.HandOver(work, await TraceParentOfAsync(paths, cancellationToken));
        var path = paths.AttemptRequest(work.Stage, work.Key, work.Attempt);
        var handed = request with { HandedOverAt = time.GetUtcNow(), TraceParent = span?.Id };
        await store.TryCreateJsonAsync(path, handed, cancellationToken);
        var body = System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(work));
        await queues.ForLane(StageNames.LaneOf(work.Stage)).SendAsync(body, TimeSpan.Zero, cancellationToken);
        return true;
    }

    /// <summary>
    /// Tells what an attempt's artifacts say. An attempt of a talk that was cancelled or whose time is up, and one whose runner stays silent, is settled
    /// here: it gets its result from the host, so that whoever comes back to it finds that nobody waits for its work. A runner that was faster has won.
    /// </summary>
    public async Task<Sighting> LookAsync(LookRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (paths, work) = (TalkPaths.Of(request.Work), request.Work);
        var path = paths.AttemptResult(work.Stage, work.Key, work.Attempt);
        if (await store.TryReadJsonAsync<AttemptResult>(path, cancellationToken) is { } result)
        {
            return new Sighting(SightingState.Done, result);
        }

        if (await Cancellation.ReasonAsync(store, paths, cancellationToken) is { } reason)
        {
            return await SettleAsync(path, reason, cancellationToken);
        }

        var (timeUp, left) = await LookAtTimeAsync(paths, request.Limits, cancellationToken);
        if (timeUp is not null)
        {
            return await SettleAsync(path, timeUp, cancellationToken);
        }

        var heartbeat = await store.TryReadJsonAsync<Heartbeat>(
            paths.Heartbeat(work.Stage, work.Key, work.Attempt), cancellationToken);
        if (heartbeat is null)
        {
            return new Sighting(SightingState.Queued, SecondsToLimit: left);
        }

        if ((time.GetUtcNow() - heartbeat.At).TotalSeconds <= request.StaleHeartbeatSeconds)
        {
            return new Sighting(SightingState.Working, SecondsToLimit: left);
        }

        // One look is not enough: where the store was away for a while, every runner's last heartbeat is old.
        return heartbeat.At == request.SilentSince
            ? await SettleAsync(path, Silence, cancellationToken)
            : new Sighting(SightingState.Silent, SilentSince: heartbeat.At, SecondsToLimit: left);
    }

    /// <summary>Writes the plan, unless it was written before, and tells what it says.</summary>
    public async Task<PlanSummary> PlanAsync(string talk, CancellationToken cancellationToken)
    {
        var paths = new TalkPaths(talk);
        var request = await store.ReadJsonAsync<TalkRequest>(paths.Request, cancellationToken);
        using var span = TalkTelemetry.Do(Stage.Plan, talk, request.TraceParent);
        var media = await store.ReadJsonAsync<MediaFacts>(paths.Media, cancellationToken);
        try
        {
            var plan = request.OnePrompt
                ? await PlanOnePromptAsync(paths, request, media.SpeechSamples, cancellationToken)
                : TalkPlanner.Plan(request, media);
            await store.TryCreateJsonAsync(paths.Plan, plan, cancellationToken);
        }
        catch (TalkException refused)
        {
            span.SetError(refused.Error.Code);
            return PlanSummary.Refused(refused.Error);
        }

        return PlanSummary.Of(await store.ReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken));
    }

    /// <summary>Where the talk's trace goes on; read only where somebody traces.</summary>
    private async Task<string?> TraceParentOfAsync(TalkPaths paths, CancellationToken cancellationToken) => TalkTelemetry.IsTraced
        ? (await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken))?.TraceParent
        : null;

    /// <summary>Cancels the talk when it has waited or worked for longer than it may: then all runners stop, and all its attempts.</summary>
    /// <returns>How the talk ends, when its time is up; how long it has, when there is a limit.</returns>
    private async Task<(TalkError? TimeUp, double? SecondsLeft)> LookAtTimeAsync(
        TalkPaths paths, TimeLimits? limits, CancellationToken cancellationToken)
    {
        if (limits is null)
        {
            return (null, null);
        }

        var start = await store.TryReadJsonAsync<TalkStart>(paths.Started, cancellationToken);
        var now = time.GetUtcNow();
        if (limits.EndOf(start) is not { } end || now < end)
        {
            return (null, (limits.EndOf(start) - now)?.TotalSeconds);
        }

        var cancellation = new Cancellation(now, limits.ErrorOf(start));
        await store.TryCreateJsonAsync(paths.Cancel, cancellation, cancellationToken);
        return (await Cancellation.ReasonAsync(store, paths, cancellationToken) ?? cancellation.ToError(), null);
    }

    private async Task<Sighting> SettleAsync(ArtifactPath path, TalkError error, CancellationToken cancellationToken)
    {
        await store.TryCreateJsonAsync(path, new AttemptResult(error, 0, HostName, 0), cancellationToken);
        return new Sighting(SightingState.Done, await store.ReadJsonAsync<AttemptResult>(path, cancellationToken));
    }

    private async Task<TalkPlan> PlanOnePromptAsync(
        TalkPaths paths, TalkRequest request, long speechSamples, CancellationToken cancellationToken)
    {
        var workflow = await store.ReadWorkflowAsync(paths, cancellationToken);
        return WorkflowPlanner.Plan(workflow.Workflow, workflow.Places, request, speechSamples);
    }
}
