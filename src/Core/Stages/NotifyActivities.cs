using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Stages;

/// <summary>Tells who wants to know how a talk ended; the same in every host. Each may run more than once.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="replies">The broker that takes replies; null for a host that has none.</param>
/// <param name="webhooks">Makes webhooks.</param>
public sealed class NotifyActivities(IArtifactStore store, IReplySender? replies, WebhookActivities webhooks)
{
    private static readonly OrchestrationStatus[] EveryStatus = Enum.GetValues<OrchestrationStatus>();

    /// <summary>Starts the orchestrations that tell it, one for each who wants to know: one that is away does not hold up the other.</summary>
    /// <returns>Whether somebody does.</returns>
    public async Task<bool> StartAsync(NotifyRequest request, IOrchestrationClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(orchestrations);
        var paths = new TalkPaths(request.Talk);
        if (await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken) is not { } asked
            || asked is { Reply: null, Webhook: null, RunPod: null or { Webhook: null } })
        {
            return false;
        }

        var published = request.Error is null ? await store.TryReadJsonAsync<PublishedVideo>(paths.Published, cancellationToken) : null;
        var status = request.Error is null ? TalkStatus.Completed
            : request.Error.Code == ErrorCode.Cancelled ? TalkStatus.Cancelled : TalkStatus.Failed;
        var end = new TalkEnd(request.Talk, status, published is null ? [] : [published.Url, .. published.OtherUrls], request.Error);
        if (asked.Reply is not null)
        {
            await orchestrations.ScheduleNewOrchestrationInstanceAsync(
                NotifyOrchestration.Name, request.Id, new NotifyInput(request.Id, end), EveryStatus, cancellationToken);
        }

        var told = await webhooks.StartEndAsync($"{request.Id}-webhook", asked, end, orchestrations, cancellationToken);
        var toldAsRunPod = await webhooks.RunPod.StartAsync($"{request.Id}-runpod", asked, end, orchestrations, cancellationToken);
        return told || toldAsRunPod || asked.Reply is not null;
    }

    /// <summary>Tells it.</summary>
    /// <returns>False when the talk is gone, or this host has no broker any more.</returns>
    public async Task<bool> NotifyAsync(NotifyInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (replies is null
            || await store.TryReadJsonAsync<TalkRequest>(new TalkPaths(input.End.Id).Request, cancellationToken) is not { Reply: { } wish })
        {
            return false;
        }

        var body = System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(input.End));
        await replies.SendAsync(wish.Queue, new TalkReply(input.Id, wish.CorrelationId, body), cancellationToken);
        return true;
    }
}
