using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WanTalk.Core.Orchestration;

namespace WanTalk.Functions.Orchestration;

/// <summary>Core's orchestrators under their names.</summary>
public static class Orchestrators
{
    /// <summary>Carries a talk.</summary>
    [Function(TalkOrchestration.Name)]
    public static Task<bool> RunTalk([OrchestrationTrigger] TaskOrchestrationContext context) =>
        TalkOrchestration.RunAsync(new DurableContext(context), context.GetInput<TalkInput>()!);

    /// <summary>Samples a take.</summary>
    [Function(TakeOrchestration.Name)]
    public static Task<SamplingOutcome> RunTake([OrchestrationTrigger] TaskOrchestrationContext context) =>
        TakeOrchestration.RunAsync(new DurableContext(context), context.GetInput<TakeInput>()!);

    /// <summary>Samples a block of a take's pieces.</summary>
    [Function(BlockOrchestration.Name)]
    public static Task<SamplingOutcome> RunBlock([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BlockOrchestration.RunAsync(new DurableContext(context), context.GetInput<BlockInput>()!);

    /// <summary>Tells how a talk ended.</summary>
    [Function(NotifyOrchestration.Name)]
    public static Task<bool> RunNotify([OrchestrationTrigger] TaskOrchestrationContext context) =>
        NotifyOrchestration.RunAsync(new DurableContext(context), context.GetInput<NotifyInput>()!);

    /// <summary>Delivers a webhook.</summary>
    [Function(WebhookOrchestration.Name)]
    public static Task<WebhookReport> RunWebhook([OrchestrationTrigger] TaskOrchestrationContext context) =>
        WebhookOrchestration.RunAsync(new DurableContext(context), context.GetInput<WebhookInput>()!);

    /// <summary>Has inputs looked at before there is a talk.</summary>
    [Function(PreflightOrchestration.Name)]
    public static Task<bool> RunPreflight([OrchestrationTrigger] TaskOrchestrationContext context) =>
        PreflightOrchestration.RunAsync(new DurableContext(context), context.GetInput<TalkInput>()!);
}
