namespace WanTalk.Core.Webhooks;

/// <summary>What an attempt to deliver a webhook came to.</summary>
public enum WebhookOutcome
{
    /// <summary>The receiver has it: it answered 2xx.</summary>
    Delivered,

    /// <summary>It is worth another attempt: no answer, a redirect, or any other status.</summary>
    Failed,

    /// <summary>The receiver wants to hear no more of this talk: it answered 410, now or to an earlier webhook.</summary>
    Disabled,

    /// <summary>Nothing is sent to such an address.</summary>
    Forbidden,

    /// <summary>The talk was deleted meanwhile.</summary>
    Gone,
}

/// <summary>Asks for one attempt.</summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="Id">The webhook's id.</param>
/// <param name="IsRunPod">Whether it is one of RunPod's contract.</param>
public sealed record WebhookReference(string Talk, string Id, bool IsRunPod = false);

/// <summary>An attempt.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="What">What happened, in a few words, for who reads the orchestration's history.</param>
/// <param name="RetryAfterSeconds">How long the receiver asks to be left alone; null when it does not.</param>
public sealed record WebhookAttempt(WebhookOutcome Outcome, string What, double? RetryAfterSeconds = null);
