namespace WanTalk.Core.Webhooks;

/// <summary>A wish to be called over HTTP about a talk.</summary>
/// <param name="Url">Who is called, with POST.</param>
/// <param name="Events">For which events, of <see cref="WebhookEvents"/>.</param>
public sealed record WebhookRequest(Uri Url, IReadOnlyList<string> Events);
