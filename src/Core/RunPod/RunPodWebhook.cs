using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.RunPod;

/// <summary>
/// Webhooks as RunPod calls them: the body is that of <c>/status</c>, 200 is expected, and there are two more attempts 10 s apart. They are
/// signed, too, where the host can sign. Each may run more than once.
/// </summary>
/// <param name="store">The artifacts; the body is one of them, so that every attempt sends the same bytes.</param>
/// <param name="sender">Calls receivers.</param>
/// <param name="signer">Signs; null for a host that cannot.</param>
/// <param name="time">The clock of ends and attempts.</param>
public sealed class RunPodWebhook(IArtifactStore store, IWebhookSender sender, WebhookSigner? signer, TimeProvider time)
{
    private static readonly OrchestrationStatus[] EveryStatus = Enum.GetValues<OrchestrationStatus>();

    /// <summary>How it is retried.</summary>
    public static ActivityRetryPolicy Patience { get; } = new(3, TimeSpan.FromSeconds(10), 1, TimeSpan.FromSeconds(10));

    /// <summary>Starts the orchestration that tells a talk's end, if it was asked for.</summary>
    /// <param name="id">The webhook's id: the same each time that this end is told.</param>
    /// <param name="request">What the caller asked for.</param>
    /// <param name="end">How the talk ended.</param>
    /// <param name="orchestrations">Where it is started.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was asked for.</returns>
    public async Task<bool> StartAsync(
        string id, TalkRequest request, TalkEnd end, IOrchestrationClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(end);
        ArgumentNullException.ThrowIfNull(orchestrations);
        if (request.RunPod is not { Webhook: not null } asked
            || await new TalkReader(store, orchestrations).ReadAsync(request.Id, cancellationToken) is not { } view)
        {
            return false;
        }

        // The orchestration that asks has not ended yet, so that the view does not know the end.
        var now = time.GetUtcNow();
        var ended = view with { Status = end.Status, Video = end.Video, Error = end.Error, EndedAt = now };
        await store.TryCreateJsonAsync(
            new TalkPaths(request.Id).WebhookBody(id), RunPodStatus.Of(ended, ending: null, asked.VideoLink, now), cancellationToken);
        await orchestrations.ScheduleNewOrchestrationInstanceAsync(
            WebhookOrchestration.Name, id, new WebhookInput(request.Id, id, Patience, IsRunPod: true), EveryStatus, cancellationToken);
        return true;
    }

    /// <summary>Makes one attempt to deliver it.</summary>
    public async Task<WebhookAttempt> DeliverAsync(WebhookReference webhook, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        var paths = new TalkPaths(webhook.Talk);
        if (await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken) is not { RunPod.Webhook: { } url }
            || await store.TryReadJsonAsync<RunPodStatus>(paths.WebhookBody(webhook.Id), cancellationToken) is not { } status)
        {
            return new WebhookAttempt(WebhookOutcome.Gone, "The talk was deleted.");
        }

        var (now, body) = (time.GetUtcNow(), Json.CoreJson.ToBytes(status));
        try
        {
            var answer = await sender.SendAsync(new WebhookMessage(url, webhook.Id, now, signer?.Sign(webhook.Id, now, body), body), cancellationToken);
            return new WebhookAttempt(answer.Status == 200 ? WebhookOutcome.Delivered : WebhookOutcome.Failed, answer.What);
        }
        catch (TalkException forbidden) when (forbidden.Error.Code == ErrorCode.AddressForbidden)
        {
            return new WebhookAttempt(WebhookOutcome.Forbidden, forbidden.Error.Message);
        }
    }
}
