namespace WanTalk.Core.Webhooks;

/// <summary>What webhooks are called for, as their bodies' <c>type</c> says it.</summary>
public static class WebhookEvents
{
    /// <summary>The video is there.</summary>
    public const string Completed = "talk.completed";

    /// <summary>The talk ended without a video.</summary>
    public const string Failed = "talk.failed";

    /// <summary>It ended because it was asked to.</summary>
    public const string Cancelled = "talk.cancelled";

    /// <summary>It has come further; only for who asks for it.</summary>
    public const string Progress = "talk.progress";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Completed, Failed, Cancelled, Progress];

    /// <summary>Those of a request that names none: how the talk ended.</summary>
    public static IReadOnlyList<string> Ends { get; } = [Completed, Failed, Cancelled];
}
