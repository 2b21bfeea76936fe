using WanTalk.Core.RunPod;
using WanTalk.Core.Sampling;
using WanTalk.Core.Takes;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Talks;

/// <summary>A checked and completed request: what <c>request.json</c> holds. It never changes after intake.</summary>
public sealed record TalkRequest
{
    /// <summary>The talk's id.</summary>
    public required string Id { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The portrait's file name as the caller gave it.</summary>
    public required string PortraitName { get; init; }

    /// <summary>The speech's file name as the caller gave it.</summary>
    public required string SpeechName { get; init; }

    /// <summary>Where prepare fetches the portrait; null when it was stored at intake, or is an upload.</summary>
    public Uri? PortraitUrl { get; init; }

    /// <summary>Where prepare fetches the speech; null when it was stored at intake, or is an upload.</summary>
    public Uri? SpeechUrl { get; init; }

    /// <summary>The id of the upload that prepare takes as the portrait; null when it is none.</summary>
    public string? PortraitUpload { get; init; }

    /// <summary>The id of the upload that prepare takes as the speech; null when it is none.</summary>
    public string? SpeechUpload { get; init; }

    /// <summary>The size that was asked for, or the default.</summary>
    public required FrameSize RequestedSize { get; init; }

    /// <summary>The size of the video: the requested one in multiples of 16.</summary>
    public required FrameSize EffectiveSize { get; init; }

    /// <summary>The seed, given or drawn; 0 to 2^53-1.</summary>
    public required long Seed { get; init; }

    /// <summary>What the picture shows.</summary>
    public required string Prompt { get; init; }

    /// <summary>What the picture should not show; null for what the graph says.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>The part of the speech that it is made of; null for the whole.</summary>
    public SpeechCut? Cut { get; init; }

    /// <summary>Who is called over HTTP about it; null for nobody.</summary>
    public WebhookRequest? Webhook { get; init; }

    /// <summary>What the caller wants back with it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>For how long it is kept after its end, in seconds, but no longer than the host keeps talks; null for that.</summary>
    public long? ExpiresIn { get; init; }

    /// <summary>How its windows are sampled.</summary>
    public SamplingSettings Sampling { get; init; } = SamplingPresets.Of(SamplingPreset.Recommended);

    /// <summary>Whether the picture runs through.</summary>
    public Continuity Continuity { get; init; }

    /// <summary>How long a take should be, in seconds; for <see cref="Takes.Continuity.Takes"/>.</summary>
    public double TakeSeconds { get; init; } = TakeLimits.DefaultSeconds;

    /// <summary>Whether it can be played while it is being sampled.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a workflow of the caller's own makes it, in one prompt.</summary>
    public bool OnePrompt { get; init; }

    /// <summary>The SHA-256 of the message that asked for it, in hex; null when none did.</summary>
    public string? BodySha256 { get; init; }

    /// <summary>Who is told how it ended; null for nobody.</summary>
    public ReplyRequest? Reply { get; init; }

    /// <summary>The span that accepted it, as a W3C <c>traceparent</c>: all of its spans are in that trace. Null where nobody traces.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What a caller of RunPod's contract asked for beside the talk; null for others.</summary>
    public RunPodRequest? RunPod { get; init; }

    /// <summary>What the caller should know about the request, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A wish to be told by message how a talk ended.</summary>
/// <param name="Queue">The queue of the reply.</param>
/// <param name="CorrelationId">What the reply carries, so that its receiver knows what it answers.</param>
public sealed record ReplyRequest(string Queue, string CorrelationId);
