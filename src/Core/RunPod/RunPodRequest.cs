namespace WanTalk.Core.RunPod;

/// <summary>What a caller of RunPod's contract asks for beside the talk.</summary>
/// <param name="Endpoint">The endpoint that was called.</param>
public sealed record RunPodRequest(string Endpoint)
{
    /// <summary>Who is told how the job ended; null for nobody.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>How long the job may be at work, in milliseconds; null for as long as it takes.</summary>
    public long? ExecutionTimeoutMs { get; init; }

    /// <summary>How long the job may wait to be taken, in milliseconds; null for as long as it takes.</summary>
    public long? TtlMs { get; init; }

    /// <summary>Where the video is to be had through the server, as its caller reached it; for one that lies on the server's own disk.</summary>
    public string? VideoLink { get; init; }
}
