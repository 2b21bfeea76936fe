using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;

namespace WanTalk.Functions.Orchestration;

/// <summary>Core's activities under their names; those of stages hand work to a lane.</summary>
public sealed class Activities(HostActivities host, NotifyActivities notify, WebhookActivities webhooks)
{
    /// <summary>Hands a preflight to the media lane.</summary>
    [Function("PreflightInputs")]
    public Task<bool> PreflightInputs([ActivityTrigger] AttemptRequest request, CancellationToken cancellationToken) =>
        host.HandOverAsync(request, cancellationToken);

    /// <summary>Hands prepare to the media lane.</summary>
    [Function("PrepareTalk")]
    public Task<bool> PrepareTalk([ActivityTrigger] AttemptRequest request, CancellationToken cancellationToken) =>
        host.HandOverAsync(request, cancellationToken);

    /// <summary>Writes the plan once.</summary>
    [Function(ActivityNames.PlanTalk)]
    public Task<PlanSummary> PlanTalk([ActivityTrigger] string talk, CancellationToken cancellationToken) =>
        host.PlanAsync(talk, cancellationToken);

    /// <summary>Hands separate to the embed lane.</summary>
    [Function("SeparateSpeech")]
    public Task<bool> SeparateSpeech([ActivityTrigger] AttemptRequest request, CancellationToken cancellationToken) =>
        host.HandOverAsync(request, cancellationToken);

    /// <summary>Hands embed to its lane.</summary>
    [Function("EmbedSpeech")]
    public Task<bool> EmbedSpeech([ActivityTrigger] AttemptRequest request, CancellationToken cancellationToken) =>
        host.HandOverAsync(request, cancellationToken);

    /// <summary>Hands a piece to the sample lane.</summary>
    [Function("SampleWindows")]
    public Task<bool> SampleWindows([ActivityTrigger] AttemptRequest request, CancellationToken cancellationToken) =>
        host.HandOverAsync(request, cancellationToken);

    /// <summary>Hands assemble to the media lane.</summary>
    [Function("AssembleTalk")]
    public Task<bool> AssembleTalk([ActivityTrigger] AttemptRequest request, CancellationToken cancellationToken) =>
        host.HandOverAsync(request, cancellationToken);

    /// <summary>Hands publish to the media lane.</summary>
    [Function("PublishTalk")]
    public Task<bool> PublishTalk([ActivityTrigger] AttemptRequest request, CancellationToken cancellationToken) =>
        host.HandOverAsync(request, cancellationToken);

    /// <summary>Looks at an attempt's artifacts, and tells how far the talk is, if somebody wants to know.</summary>
    [Function(ActivityNames.Look)]
    public async Task<Sighting> Look(
        [ActivityTrigger] LookRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await webhooks.TellProgressAsync(request.Work, new DurableOrchestrations(client), cancellationToken);
        return await host.LookAsync(request, cancellationToken);
    }

    /// <summary>Starts the orchestration that tells how a talk ended.</summary>
    [Function(ActivityNames.StartNotify)]
    public Task<bool> StartNotify(
        [ActivityTrigger] NotifyRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        notify.StartAsync(request, new DurableOrchestrations(client), cancellationToken);

    /// <summary>Tells how a talk ended.</summary>
    [Function(ActivityNames.Notify)]
    public Task<bool> Notify([ActivityTrigger] NotifyInput input, CancellationToken cancellationToken) =>
        notify.NotifyAsync(input, cancellationToken);

    /// <summary>Makes one attempt to deliver a webhook.</summary>
    [Function(ActivityNames.DeliverWebhook)]
    public Task<WebhookAttempt> DeliverWebhook([ActivityTrigger] WebhookReference webhook, CancellationToken cancellationToken) =>
        webhooks.DeliverAsync(webhook, cancellationToken);
}
