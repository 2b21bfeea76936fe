using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Stages;

/// <summary>What an orchestration has done outside itself; the same in every host. Each may run more than once.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="queues">The lanes.</param>
/// <param name="time">The clock against which heartbeats are read.</param>
public sealed class HostActivities(IArtifactStore store, IWorkQueues queues, TimeProvider time)
{
    /// <summary>Hands work over: writes the attempt's request once, and puts a reference to it on the lane's queue each time.</summary>
    /// <returns>Always true; activities have results.</returns>
    public async Task<bool> HandOverAsync(AttemptRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var work = request.Work;
        var path = new TalkPaths(work.Talk).AttemptRequest(work.Stage, work.Key, work.Attempt);
        await store.TryCreateJsonAsync(path, request, cancellationToken);
        var body = System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(work));
        await queues.ForLane(StageNames.LaneOf(work.Stage)).SendAsync(body, TimeSpan.Zero, cancellationToken);
        return true;
    }

    /// <summary>Tells what an attempt's artifacts say.</summary>
    public async Task<Sighting> LookAsync(LookRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (paths, work) = (new TalkPaths(request.Work.Talk), request.Work);
        if (await store.TryReadJsonAsync<AttemptResult>(
                paths.AttemptResult(work.Stage, work.Key, work.Attempt), cancellationToken) is { } result)
        {
            return new Sighting(SightingState.Done, result);
        }

        if (await store.ExistsAsync(paths.Cancel, cancellationToken))
        {
            return new Sighting(SightingState.Cancelled);
        }

        var heartbeat = await store.TryReadJsonAsync<Heartbeat>(
            paths.Heartbeat(work.Stage, work.Key, work.Attempt), cancellationToken);
        return new Sighting(heartbeat switch
        {
            null => SightingState.Queued,
            _ when (time.GetUtcNow() - heartbeat.At).TotalSeconds > request.StaleHeartbeatSeconds => SightingState.Lost,
            _ => SightingState.Working,
        });
    }

    /// <summary>Writes the plan, unless it was written before, and tells what it says.</summary>
    public async Task<PlanSummary> PlanAsync(string talk, CancellationToken cancellationToken)
    {
        var paths = new TalkPaths(talk);
        var request = await store.ReadJsonAsync<TalkRequest>(paths.Request, cancellationToken);
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
            return PlanSummary.Refused(refused.Error);
        }

        return PlanSummary.Of(await store.ReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken));
    }

    private async Task<TalkPlan> PlanOnePromptAsync(
        TalkPaths paths, TalkRequest request, long speechSamples, CancellationToken cancellationToken)
    {
        var workflow = await store.ReadWorkflowAsync(paths, cancellationToken);
        return WorkflowPlanner.Plan(workflow.Workflow, workflow.Places, request, speechSamples);
    }
}
