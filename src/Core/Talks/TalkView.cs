using WanTalk.Core.Errors;
using WanTalk.Core.Preflight;
using WanTalk.Core.Sampling;

namespace WanTalk.Core.Talks;

/// <summary>Where a talk stands, as callers see it.</summary>
public enum TalkStatus
{
    /// <summary>Accepted, not yet begun.</summary>
    Queued,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Done; the video is there.</summary>
    Completed,

    /// <summary>Ended without a video.</summary>
    Failed,

    /// <summary>Ended because it was asked to.</summary>
    Cancelled,
}

/// <summary>What can be said of a status.</summary>
public static class TalkStatuses
{
    /// <summary>Whether it is the last one of a talk that nobody retries.</summary>
    public static bool HasEnded(this TalkStatus status) => status is TalkStatus.Completed or TalkStatus.Failed or TalkStatus.Cancelled;
}

/// <summary>How far a take is.</summary>
/// <param name="Windows">Its windows.</param>
/// <param name="WindowsDone">Those that are committed; never goes back.</param>
public sealed record TakeProgress(int Windows, int WindowsDone);

/// <summary>A talk as callers see it: computed when it is read.</summary>
public sealed record TalkView
{
    /// <summary>The talk's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required TalkStatus Status { get; init; }

    /// <summary>The stage that is being done, or was when the talk ended.</summary>
    public string? Stage { get; init; }

    /// <summary>How much is done, 0 to 100, by what is committed; never goes back, and is 100 only when the video is there.</summary>
    public double Percent { get; init; }

    /// <summary>Windows that are committed; never goes back.</summary>
    public required int WindowsDone { get; init; }

    /// <summary>Windows that are planned; null before there is a plan.</summary>
    public int? WindowsPlanned { get; init; }

    /// <summary>Takes that are planned; null before there is a plan.</summary>
    public int? Takes { get; init; }

    /// <summary>How far each take is, in order; empty before there is a plan.</summary>
    public IReadOnlyList<TakeProgress> TakeProgress { get; init; } = [];

    /// <summary>The step that is being done in the current window, from 0; null when none is.</summary>
    public int? Step { get; init; }

    /// <summary>The steps of the current window.</summary>
    public int? Steps { get; init; }

    /// <summary>What is left of sampling, in seconds, from the windows so far; null before one is committed.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Frames that are shown; null before there is a plan.</summary>
    public int? VisibleFrames { get; init; }

    /// <summary>How long each finished stage took, in seconds.</summary>
    public required IReadOnlyDictionary<string, double> StageSeconds { get; init; }

    /// <summary>How long the committed windows were sampled, all together, in seconds; null while no GPU has told.</summary>
    public double? GpuSeconds { get; init; }

    /// <summary>What those seconds cost; null while there are none, or where a GPU has no price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The cost's currency; null without a cost.</summary>
    public string? Currency { get; init; }

    /// <summary>The size that was asked for.</summary>
    public required FrameSize RequestedSize { get; init; }

    /// <summary>The size of the video.</summary>
    public required FrameSize EffectiveSize { get; init; }

    /// <summary>The seed, given or drawn.</summary>
    public required long Seed { get; init; }

    /// <summary>What it is made with, as a request would say it: with the same inputs it makes the same talk again.</summary>
    public required TalkSettings Settings { get; init; }

    /// <summary>Until when the uploads that the settings name can be used again; null where they name none.</summary>
    public DateTimeOffset? InputsUsableUntil { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the caller gave to have it back.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Since when it was queued: when it was accepted, or retried last.</summary>
    public DateTimeOffset QueuedAt { get; init; }

    /// <summary>When the first runner took its work, since it was queued; null before that.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before that.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The runner that took its first work; null before that.</summary>
    public string? Runner { get; init; }

    /// <summary>What the caller should know, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What was found about portrait and speech before any GPU was asked; empty until they are prepared.</summary>
    public IReadOnlyList<PreflightFinding> Preflight { get; init; } = [];

    /// <summary>Which windows were made with which settings, of those that change when memory runs out; empty until the video is there.</summary>
    public IReadOnlyList<WindowSettingsRun> WindowSettings { get; init; } = [];

    /// <summary>Where the video is; empty until the talk is completed.</summary>
    public required IReadOnlyList<string> Video { get; init; }

    /// <summary>Where it can be played while it is being made; null before its first segment, and for a talk without a stream.</summary>
    public string? StreamUrl { get; init; }

    /// <summary>Why it ended without a video.</summary>
    public TalkError? Error { get; init; }
}
