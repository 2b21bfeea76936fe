using WanTalk.Core.Errors;

namespace WanTalk.Core.Owners;

/// <summary>A caller has reached a limit of his.</summary>
/// <param name="error">Which.</param>
/// <param name="retryAfter">When to try again.</param>
public sealed class LimitedException(TalkError error, TimeSpan retryAfter) : Exception(error.ToString())
{
    /// <summary>Which limit.</summary>
    public TalkError Error { get; } = error;

    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
