using WanTalk.Core.Orchestration;

namespace WanTalk.Core.Webhooks;

/// <summary>How webhooks are signed and sent.</summary>
public sealed record WebhookOptions
{
    /// <summary>Signs them. Default null: a host without secrets takes no talk that asks for a webhook.</summary>
    public WebhookSigner? Signer { get; init; }

    /// <summary>
    /// Hosts off the public internet that may be called, each <c>host</c> or <c>host:port</c> as requests name them. Default none. What is
    /// called is looked at when it is called; this is for what can be told before.
    /// </summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>
    /// How long it is quiet behind a <see cref="WebhookEvents.Progress"/>, in seconds. Default 30; 1 to 3600. The host sees new windows when
    /// it looks at a piece, in the cloud at least every minute.
    /// </summary>
    public double ProgressSeconds { get; init; } = 30;

    /// <summary>
    /// How a talk's end is retried. Default twenty attempts over 27 hours: after 5 seconds, 10, 20 … and from the thirteenth on every three
    /// hours.
    /// </summary>
    public ActivityRetryPolicy EndPatience { get; init; } = new(20, TimeSpan.FromSeconds(5), 2, TimeSpan.FromHours(3));

    /// <summary>How progress is retried. Default three attempts in a quarter of a minute: what comes later is no news.</summary>
    public ActivityRetryPolicy ProgressPatience { get; init; } = new(3, TimeSpan.FromSeconds(5), 2, TimeSpan.FromMinutes(1));
}
