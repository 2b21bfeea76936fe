using System.Text.Json.Serialization;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Plans;

/// <summary>What will be sampled and what will be shown: <c>plan.json</c>, written once for a talk.</summary>
public sealed record TalkPlan
{
    /// <summary>The version of the rule that made it; a running talk keeps the plan it began with.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Whether one prompt makes the video, by a workflow of the caller's own.</summary>
    public bool OnePrompt { get; init; }

    /// <summary>Where the talk's part of the speech begins, in samples at 48 kHz.</summary>
    public long FirstSpeechSample { get; init; }

    /// <summary>What was changed for the talk, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The length of the talk's part of the speech, in samples at 48 kHz.</summary>
    public required long SpeechSamples { get; init; }

    /// <summary>Frames that are shown.</summary>
    public required int VisibleFrames { get; init; }

    /// <summary>Windows, over all takes.</summary>
    public required int Windows { get; init; }

    /// <summary>Frames that are sampled, over all takes.</summary>
    public required int SampledFrames { get; init; }

    /// <summary>Frames that are sampled and not shown.</summary>
    public required int CutFrames { get; init; }

    /// <summary>How many frames each window keeps, take by take.</summary>
    public required IReadOnlyList<int> Keep { get; init; }

    /// <summary>Frames that the conditioning covers: whole windows, to the end of what the last take samples.</summary>
    public required int EmbeddedFrames { get; init; }

    /// <summary>Silence that the engine's speech is lengthened by, in samples at 16 kHz.</summary>
    [JsonPropertyName("pad_samples_16k")]
    public required long PadSamples16k { get; init; }

    /// <summary>The takes, in order.</summary>
    public required IReadOnlyList<TakePlan> Takes { get; init; }

    /// <summary>The size that was asked for.</summary>
    public required FrameSize RequestedSize { get; init; }

    /// <summary>The size of the video.</summary>
    public required FrameSize EffectiveSize { get; init; }
}

/// <summary>One take of a plan.</summary>
/// <param name="Index">From 0.</param>
/// <param name="FirstFrame">Its first frame in the talk.</param>
/// <param name="VisibleFrames">Frames that are shown.</param>
/// <param name="Windows">Its windows.</param>
/// <param name="SampledFrames">Frames that are sampled.</param>
public sealed record TakePlan(int Index, int FirstFrame, int VisibleFrames, int Windows, int SampledFrames)
{
    /// <summary>Frames that are sampled and not shown.</summary>
    public int CutFrames => SampledFrames - VisibleFrames;
}
