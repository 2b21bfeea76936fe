namespace WanTalk.GpuRunner.Health;

/// <summary>Looks at one thing that a runner needs.</summary>
internal interface IReadinessCheck
{
    /// <summary>What is lacking now, one sentence each; empty when nothing is.</summary>
    Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken);
}
