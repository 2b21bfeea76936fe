using WanTalk.Core.Fetching;
using WanTalk.Storage.Fetching;

namespace WanTalk.Storage.Webhooks;

/// <summary>How webhooks are called.</summary>
public sealed record WebhookSenderOptions
{
    /// <summary>Hosts off the public internet that may be called, as <see cref="FetchOptions.PrivateHosts"/>. Default: none.</summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>How long a call may take, from its name's resolution to its answer's headers, in seconds. Default 15; 0.1 to 120.</summary>
    public double TimeoutSeconds { get; init; } = 15;

    /// <summary>Refuses what cannot be used.</summary>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it.</exception>
    public void Check()
    {
        // Written so that NaN is outside the range.
        if (!(TimeoutSeconds is >= 0.1 and <= 120))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(TimeoutSeconds)} is {TimeoutSeconds}; it has to be 0.1 to 120."));
        }

        _ = new PrivateHosts(PrivateHosts);
    }
}
