using WanTalk.Core.Talks;

namespace WanTalk.Core.RunPod;

/// <summary>A job's output. A completed one's is <c>{"video": ["https://…"]}</c> and nothing else; the other fields tell progress.</summary>
public sealed record RunPodOutput
{
    /// <summary>Where the video is, and further ones of a workflow of the caller's own.</summary>
    public IReadOnlyList<string>? Video { get; init; }

    /// <summary>The stage that is being done.</summary>
    public string? Stage { get; init; }

    /// <summary>How much is done, as <see cref="TalkView.Percent"/> tells it.</summary>
    public double? Progress { get; init; }

    /// <summary>Windows that are committed.</summary>
    public int? WindowsDone { get; init; }

    /// <summary>Windows that are planned.</summary>
    public int? WindowsPlanned { get; init; }

    /// <summary>The step that is being done in the current window, from 0.</summary>
    public int? Step { get; init; }

    /// <summary>The steps of the current window.</summary>
    public int? Steps { get; init; }

    /// <summary>What is left of sampling, in seconds.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>The output of a completed talk.</summary>
    /// <param name="video">Where its videos were published.</param>
    /// <param name="videoLink">What to tell instead of a file's address; null to tell that.</param>
    public static RunPodOutput Of(IReadOnlyList<string> video, string? videoLink) => new()
    {
        Video = [.. video.Select(url => url.StartsWith("file:", StringComparison.Ordinal) ? videoLink ?? url : url)],
    };

    /// <summary>How far a talk is.</summary>
    public static RunPodOutput ProgressOf(TalkView talk)
    {
        ArgumentNullException.ThrowIfNull(talk);
        return new RunPodOutput
        {
            Stage = talk.Stage,
            Progress = talk.Percent,
            WindowsDone = talk.WindowsDone,
            WindowsPlanned = talk.WindowsPlanned,
            Step = talk.Step,
            Steps = talk.Steps,
            SecondsLeft = talk.SecondsLeft,
        };
    }
}
