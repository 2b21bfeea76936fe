using Microsoft.Extensions.Logging;

namespace WanTalk.Api.Health;

/// <summary>
/// Whether everything is there that the API needs. Anybody may ask, so that what was found is kept for a while, however many ask, and those
/// who ask at the same time wait for the same look.
/// </summary>
/// <param name="checks">What is looked at, side by side.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is told what is wrong.</param>
public sealed class Readiness(IEnumerable<ReadinessCheck> checks, TimeProvider time, ILogger<Readiness> logger)
{
    /// <summary>How long what was found is told.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>What has not answered by then counts as missing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<ReadinessReport>? _look;
    private long _begun;

    /// <summary>What is missing.</summary>
    public Task<ReadinessReport> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_look is null || (_look.IsCompleted && time.GetElapsedTime(_begun) >= Fresh))
            {
                (_look, _begun) = (Task.Run(LookAsync, CancellationToken.None), time.GetTimestamp());
            }

            return _look.WaitAsync(cancellationToken);
        }
    }

    private async Task<ReadinessReport> LookAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var missing = await Task.WhenAll(checks.Select(check => IsMissingAsync(check, patience.Token)));
        return ReadinessReport.Of(checks.Where((_, at) => missing[at]).Select(check => check.Name));
    }

    private async Task<bool> IsMissingAsync(ReadinessCheck check, CancellationToken patience)
    {
        string? reason;
        try
        {
            // Not every client heeds its token at once.
            reason = await check.LookAsync(patience).WaitAsync(patience);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            reason = $"It did not answer within {Patience.TotalSeconds} s.";
        }
        catch (Exception fault)
        {
            reason = fault.Message;
        }

        if (reason is not null)
        {
            logger.LogWarning("Not ready: {Name} is missing. {Reason}", check.Name, reason);
        }

        return reason is not null;
    }
}

/// <summary>Whether the API can do its work.</summary>
/// <param name="Ready">Whether it can.</param>
/// <param name="Missing">What is missing, by name; empty when nothing is.</param>
public sealed record ReadinessReport(bool Ready, IReadOnlyList<string> Missing)
{
    /// <summary>The report on what is missing.</summary>
    public static ReadinessReport Of(IEnumerable<string> missing)
    {
        string[] names = [.. missing];
        return new ReadinessReport(names.Length == 0, names);
    }
}
