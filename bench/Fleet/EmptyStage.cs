using WanTalk.Core.Stages;
using WanTalk.GpuRunner.Stages;

namespace WanTalk.Bench.Fleet;

/// <summary>A stage beside sampling that takes no time.</summary>
/// <param name="stage">Which.</param>
internal sealed class EmptyStage(Stage stage) : IStage
{
    /// <summary>All stages that are handed over, but sampling.</summary>
    public static IEnumerable<IStage> AllButSampling =>
        [new EmptyStage(Stage.Prepare), new EmptyStage(Stage.Separate), new EmptyStage(Stage.Embed), new EmptyStage(Stage.Assemble), new EmptyStage(Stage.Publish)];

    /// <inheritdoc/>
    public Stage Stage => stage;

    /// <inheritdoc/>
    public Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken) => Task.FromResult(StageReport.Empty);
}
