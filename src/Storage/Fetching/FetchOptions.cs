using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;

namespace WanTalk.Storage.Fetching;

/// <summary>How inputs are fetched that requests name by address.</summary>
public sealed record FetchOptions
{
    /// <summary>The variable with the private hosts that are allowed, separated by commas.</summary>
    public const string PrivateHostsVariable = "WANTALK_PRIVATE_HOSTS";

    /// <summary>
    /// Hosts that may be fetched from although they are not on the public internet, each <c>host</c> or <c>host:port</c> exactly as requests
    /// name them; an IPv6 address in brackets. Default: none.
    /// </summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>How long resolving a name and connecting may take, in seconds. Default 10; 0.1 to 120.</summary>
    public double ConnectSeconds { get; init; } = 10;

    /// <summary>How long a server may send nothing, in seconds. Default 30; 0.1 to 600.</summary>
    public double StallSeconds { get; init; } = 30;

    /// <summary>
    /// How much has to come in a second, on the average of an answer's body after its first <see cref="StallSeconds"/>, in bytes. Default
    /// 16384; 0 to 1 GiB.
    /// </summary>
    public long MinBytesPerSecond { get; init; } = 16 * 1024;

    /// <summary>How long one input may take with all its redirects, in seconds. Default 3600; 1 to 86400.</summary>
    public double TotalSeconds { get; init; } = 3600;

    /// <summary>How often a server may send the fetcher on. Default 5; 0 to 20.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Gives a variable's value.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArgumentInvalid"/>: what is wrong, by its variable.</exception>
    public static FetchOptions FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var options = new FetchOptions
        {
            PrivateHosts = (variable(PrivateHostsVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
        try
        {
            options.Check();
            return options;
        }
        catch (ArgumentException wrong)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, $"{PrivateHostsVariable} is wrong: {wrong.Message}", wrong);
        }
    }

    /// <summary>Refuses what cannot be used.</summary>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it.</exception>
    public void Check()
    {
        Check(nameof(ConnectSeconds), ConnectSeconds, 0.1, 120);
        Check(nameof(StallSeconds), StallSeconds, 0.1, 600);
        Check(nameof(MinBytesPerSecond), MinBytesPerSecond, 0, 1 << 30);
        Check(nameof(TotalSeconds), TotalSeconds, 1, 86400);
        Check(nameof(MaxRedirects), MaxRedirects, 0, 20);
        _ = new PrivateHosts(PrivateHosts);
    }

    private static void Check(string name, double value, double least, double most)
    {
        // Written so that NaN is outside every range.
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it has to be {least} to {most}."));
        }
    }
}
