namespace WanTalk.GpuRunner.Health.StartUp;

/// <summary>Looks at what does not change while a runner lives, until it is as it should be; after that it is not looked at again.</summary>
internal abstract class StartUpCheck : IReadinessCheck
{
    private bool _isGood;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken)
    {
        if (_isGood)
        {
            return [];
        }

        var problems = await LookAsync(cancellationToken);
        _isGood = problems.Count == 0;
        return problems;
    }

    /// <summary>Looks.</summary>
    /// <returns>What is lacking, one sentence each.</returns>
    protected abstract Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken);
}
