using WanTalk.Core.Orchestration;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;
using WanTalk.Local.Durable;

namespace WanTalk.Local.Hosting;

/// <summary>Makes Core's orchestrators and activities known to the durable runtime, under the names that every host uses.</summary>
internal static class TalkRegistry
{
    /// <summary>The registry of a host.</summary>
    public static DurableRegistry Create(
        HostActivities activities, NotifyActivities notify, WebhookActivities webhooks, IOrchestrationClient orchestrations)
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<TalkInput, bool>(TalkOrchestration.Name, TalkOrchestration.RunAsync)
            .AddOrchestrator<TakeInput, SamplingOutcome>(TakeOrchestration.Name, TakeOrchestration.RunAsync)
            .AddOrchestrator<BlockInput, SamplingOutcome>(BlockOrchestration.Name, BlockOrchestration.RunAsync)
            .AddOrchestrator<NotifyInput, bool>(NotifyOrchestration.Name, NotifyOrchestration.RunAsync)
            .AddOrchestrator<WebhookInput, WebhookReport>(WebhookOrchestration.Name, WebhookOrchestration.RunAsync)
            .AddOrchestrator<TalkInput, bool>(PreflightOrchestration.Name, PreflightOrchestration.RunAsync)
            .AddActivity<string, PlanSummary>(ActivityNames.PlanTalk, activities.PlanAsync)
            .AddActivity<LookRequest, Sighting>(ActivityNames.Look, async (request, cancellationToken) =>
            {
                await webhooks.TellProgressAsync(request.Work, orchestrations, cancellationToken);
                return await activities.LookAsync(request, cancellationToken);
            })
            .AddActivity<NotifyRequest, bool>(
                ActivityNames.StartNotify, (request, cancellationToken) => notify.StartAsync(request, orchestrations, cancellationToken))
            .AddActivity<NotifyInput, bool>(ActivityNames.Notify, notify.NotifyAsync)
            .AddActivity<WebhookReference, WebhookAttempt>(ActivityNames.DeliverWebhook, webhooks.DeliverAsync);
        foreach (var stage in ActivityNames.HandedOver)
        {
            registry.AddActivity<AttemptRequest, bool>(ActivityNames.HandOver(stage), activities.HandOverAsync);
        }

        return registry;
    }
}
