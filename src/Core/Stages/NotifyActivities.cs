using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Retention;
using WanTalk.Core.Talks;
using WanTalk.Core.Telemetry;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Stages;

/// <summary>Tells who wants to know how a talk ended; the same in every host. Each may run more than once.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="index">Who has how much under way.</param>
/// <param name="history">How long windows took.</param>
/// <param name="replies">The broker that takes replies; null for a host that has none.</param>
/// <param name="webhooks">Makes webhooks.</param>
/// <param name="time">The clock by which a talk's end is measured.</param>
public sealed class NotifyActivities(
    IArtifactStore store, TalkIndex index, GpuHistory history, IReplySender? replies, WebhookActivities webhooks, TimeProvider time)
{
    private static readonly OrchestrationStatus[] EveryStatus = Enum.GetValues<OrchestrationStatus>();

    /// <summary>
    /// Notes and measures that the talk has ended, and starts the orchestrations that tell it, one for each who wants to know: one that is
    /// away does not hold up the other.
    /// </summary>
    /// <returns>Whether somebody does.</returns>
    public async Task<bool> StartAsync(NotifyRequest request, IOrchestrationClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(orchestrations);
        await index.EndAsync(request.Talk, cancellationToken);
        var paths = new TalkPaths(request.Talk);
        var asked = await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken);
        if (asked is not null)
        {
            await new TalkExpiry(store).NoteAsync(asked, time.GetUtcNow(), cancellationToken);
        }

        var video = request.Error is null ? await store.TryReadJsonAsync<VideoFacts>(paths.VideoFacts, cancellationToken) : null;
        if (asked is not null && video is not null)
        {
            await history.LearnAsync(asked, video.Used, cancellationToken);
        }

        var isAwaited = asked is not (null or { Reply: null, Webhook: null, RunPod: null or { Webhook: null } });
        if (isAwaited)
        {
            await StartAsync(request, asked!, await EndOfAsync(request, paths, cancellationToken), orchestrations, cancellationToken);
        }

        if (TalkTelemetry.HearsEnds && asked is not null)
        {
            TalkTelemetry.End(
                request.Talk, asked.TraceParent, request.BegunAt ?? asked.CreatedAt, time.GetUtcNow(), video?.SamplingSeconds, request.Error);
        }

        return isAwaited;
    }

    /// <summary>Tells it.</summary>
    /// <returns>False when the talk is gone, or this host has no broker any more.</returns>
    public async Task<bool> NotifyAsync(NotifyInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (replies is null
            || await store.TryReadJsonAsync<TalkRequest>(new TalkPaths(input.End.Id).Request, cancellationToken) is not { Reply: { } wish } asked)
        {
            return false;
        }

        using var span = TalkTelemetry.Do(Stage.Notify, input.End.Id, asked.TraceParent);
        var body = System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(input.End));
        await replies.SendAsync(wish.Queue, new TalkReply(input.Id, wish.CorrelationId, body), cancellationToken);
        return true;
    }

    private async Task StartAsync(
        NotifyRequest request, TalkRequest asked, TalkEnd end, IOrchestrationClient orchestrations, CancellationToken cancellationToken)
    {
        if (asked.Reply is not null)
        {
            await orchestrations.ScheduleNewOrchestrationInstanceAsync(
                NotifyOrchestration.Name, request.Id, new NotifyInput(request.Id, end), EveryStatus, cancellationToken);
        }

        await webhooks.StartEndAsync($"{request.Id}-webhook", asked, end, orchestrations, cancellationToken);
        await webhooks.RunPod.StartAsync($"{request.Id}-runpod", asked, end, orchestrations, cancellationToken);
    }

    private async Task<TalkEnd> EndOfAsync(NotifyRequest request, TalkPaths paths, CancellationToken cancellationToken)
    {
        var published = request.Error is null ? await store.TryReadJsonAsync<PublishedVideo>(paths.Published, cancellationToken) : null;
        var status = request.Error is null ? TalkStatus.Completed
            : request.Error.Code == ErrorCode.Cancelled ? TalkStatus.Cancelled : TalkStatus.Failed;
        return new TalkEnd(request.Talk, status, published is null ? [] : [published.Url, .. published.OtherUrls], request.Error);
    }
}
