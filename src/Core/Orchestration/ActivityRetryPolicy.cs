namespace WanTalk.Core.Orchestration;

/// <summary>How often an activity that throws is tried again. Results that carry an error are not failures and are never retried here.</summary>
/// <param name="MaxNumberOfAttempts">The first attempt included, at least 1.</param>
/// <param name="FirstRetryInterval">The wait before the second attempt.</param>
/// <param name="BackoffCoefficient">What each further wait is multiplied with, at least 1.</param>
/// <param name="MaxRetryInterval">The longest wait.</param>
public sealed record ActivityRetryPolicy(
    int MaxNumberOfAttempts,
    TimeSpan FirstRetryInterval,
    double BackoffCoefficient,
    TimeSpan MaxRetryInterval)
{
    /// <summary>Five attempts, waiting 1, 2, 4 and 8 seconds between them.</summary>
    public static ActivityRetryPolicy Default { get; } = new(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30));

    /// <summary>The wait after a failed attempt.</summary>
    /// <param name="attempt">The attempt that failed, counted from 1.</param>
    public TimeSpan DelayAfter(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var seconds = FirstRetryInterval.TotalSeconds * Math.Pow(BackoffCoefficient, attempt - 1);
        return seconds < MaxRetryInterval.TotalSeconds ? TimeSpan.FromSeconds(seconds) : MaxRetryInterval;
    }
}
