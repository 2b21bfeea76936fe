using WanTalk.Core.Plans;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;

namespace WanTalk.Core.Orchestration;

/// <summary>What a host has to have under a name; every host's registrations are checked against these lists.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Input">The type of its input.</param>
/// <param name="Output">The type of its result.</param>
public sealed record TaskSignature(string Name, Type Input, Type Output)
{
    /// <summary>Every orchestrator.</summary>
    public static IReadOnlyList<TaskSignature> Orchestrators { get; } =
    [
        new(TalkOrchestration.Name, typeof(TalkInput), typeof(bool)),
        new(TakeOrchestration.Name, typeof(TakeInput), typeof(SamplingOutcome)),
        new(BlockOrchestration.Name, typeof(BlockInput), typeof(SamplingOutcome)),
        new(NotifyOrchestration.Name, typeof(NotifyInput), typeof(bool)),
        new(WebhookOrchestration.Name, typeof(WebhookInput), typeof(WebhookReport)),
        new(PreflightOrchestration.Name, typeof(TalkInput), typeof(bool)),
    ];

    /// <summary>Every activity.</summary>
    public static IReadOnlyList<TaskSignature> Activities { get; } =
    [
        .. ActivityNames.HandedOver.Select(stage => new TaskSignature(ActivityNames.HandOver(stage), typeof(AttemptRequest), typeof(bool))),
        new(ActivityNames.PlanTalk, typeof(string), typeof(PlanSummary)),
        new(ActivityNames.Look, typeof(LookRequest), typeof(Sighting)),
        new(ActivityNames.StartNotify, typeof(NotifyRequest), typeof(bool)),
        new(ActivityNames.Notify, typeof(NotifyInput), typeof(bool)),
        new(ActivityNames.DeliverWebhook, typeof(WebhookReference), typeof(WebhookAttempt)),
    ];
}
