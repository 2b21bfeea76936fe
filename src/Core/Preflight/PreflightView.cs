using WanTalk.Core.Errors;

namespace WanTalk.Core.Preflight;

/// <summary>Where a preflight stands.</summary>
public enum PreflightStatus
{
    /// <summary>A runner is at it, or will be.</summary>
    Running,

    /// <summary>The inputs were looked at, whatever was found.</summary>
    Completed,

    /// <summary>They could not be looked at.</summary>
    Failed,
}

/// <summary>A preflight without a talk, as callers see it.</summary>
public sealed record PreflightView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required PreflightStatus Status { get; init; }

    /// <summary>What was found, as a talk's preflight tells it; an error would end the talk with that code. Empty until it is completed.</summary>
    public IReadOnlyList<PreflightFinding> Findings { get; init; } = [];

    /// <summary>What was measured of the portrait; null until it is completed, without a portrait, and for one that was refused.</summary>
    public PortraitFacts? Portrait { get; init; }

    /// <summary>What was measured of the speech; null until it is completed, without a speech, and for one that was refused.</summary>
    public SpeechFacts? Speech { get; init; }

    /// <summary>Why the inputs could not be looked at; a talk may be made of them all the same.</summary>
    public TalkError? Error { get; init; }
}
