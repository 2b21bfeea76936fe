using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Orchestration;

/// <summary>
/// Delivers one webhook. It is an orchestration of its own: a receiver that is away for hours holds up neither its talk nor a reply, and is
/// told when it is back, whatever happened to the host meanwhile.
/// </summary>
public static class WebhookOrchestration
{
    /// <summary>The registered name.</summary>
    public const string Name = "WebhookOrchestrator";

    /// <summary>Tries until it is delivered, cannot be, or the patience is at its end.</summary>
    public static async Task<WebhookReport> RunAsync(IOrchestrationContext context, WebhookInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        for (var attempt = 1; ; attempt++)
        {
            var made = await AttemptAsync(context, input);
            if (made.Outcome != WebhookOutcome.Failed || attempt >= input.Patience.MaxNumberOfAttempts)
            {
                return new WebhookReport(made.Outcome, attempt, made.What);
            }

            await context.CreateTimer(WaitAfter(attempt, made, input.Patience), CancellationToken.None);
        }
    }

    /// <summary>An attempt that throws, because the store is away, counts as one that failed.</summary>
    private static async Task<WebhookAttempt> AttemptAsync(IOrchestrationContext context, WebhookInput input)
    {
        try
        {
            return await context.CallActivityAsync<WebhookAttempt>(
                ActivityNames.DeliverWebhook, new WebhookReference(input.Talk, input.Id, input.IsRunPod));
        }
        catch (OrchestrationTaskFailedException failure)
        {
            return new WebhookAttempt(WebhookOutcome.Failed, failure.ErrorMessage);
        }
    }

    /// <summary>A receiver may ask for a longer wait than ours, and not for one beyond our longest.</summary>
    private static TimeSpan WaitAfter(int attempt, WebhookAttempt made, ActivityRetryPolicy patience)
    {
        var ours = patience.DelayAfter(attempt);
        var asked = TimeSpan.FromSeconds(Math.Clamp(made.RetryAfterSeconds ?? 0, 0, patience.MaxRetryInterval.TotalSeconds));
        return asked > ours ? asked : ours;
    }
}

/// <summary>The input of <see cref="WebhookOrchestration"/>.</summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="Id">The webhook's id, which is the instance's id too.</param>
/// <param name="Patience">How it is retried; part of the input, so that a replay waits the same.</param>
/// <param name="IsRunPod">Whether it is one of RunPod's contract.</param>
public sealed record WebhookInput(string Talk, string Id, ActivityRetryPolicy Patience, bool IsRunPod = false);

/// <summary>How the delivery of a webhook ended.</summary>
/// <param name="Outcome">What the last attempt came to.</param>
/// <param name="Attempts">How many there were.</param>
/// <param name="What">What happened last, in a few words.</param>
public sealed record WebhookReport(WebhookOutcome Outcome, int Attempts, string What);
