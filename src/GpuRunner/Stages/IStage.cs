using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Lanes;

namespace WanTalk.GpuRunner.Stages;

/// <summary>The work of one stage. Doing it again, wherever it was left, comes to the same artifacts.</summary>
internal interface IStage
{
    /// <summary>Which stage it is.</summary>
    Stage Stage { get; }

    /// <summary>Does the work.</summary>
    /// <exception cref="Core.Errors.TalkException">The talk's own failure, or the engine's.</exception>
    Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken);
}

/// <summary>What a stage works on.</summary>
/// <param name="Request">The attempt's request.</param>
/// <param name="Paths">The names of the talk's artifacts.</param>
/// <param name="Scratch">An empty folder for this attempt; deleted afterwards.</param>
/// <param name="Progress">Where the stage tells what it is doing.</param>
internal sealed record StageContext(AttemptRequest Request, TalkPaths Paths, string Scratch, AttemptProgress Progress);

/// <summary>What a stage tells of its work.</summary>
/// <param name="SecondsPerWindow">For sampling: how long a window took; null when none was sampled.</param>
/// <param name="NextWindow">For sampling: the first window of the take that is not committed.</param>
internal sealed record StageReport(double? SecondsPerWindow = null, int? NextWindow = null)
{
    /// <summary>Nothing to tell.</summary>
    public static StageReport Empty { get; } = new();
}
