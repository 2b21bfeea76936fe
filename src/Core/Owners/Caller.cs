using System.Text.RegularExpressions;

namespace WanTalk.Core.Owners;

/// <summary>Who asks: the name that talks are kept under, and what it may do.</summary>
/// <param name="Name">Its name: 1 to 40 lower-case letters, digits and dashes.</param>
/// <param name="Limits">What it may do.</param>
/// <param name="SeesAll">Whether it sees everybody's talks: a host that asks nobody for a key.</param>
public sealed partial record Caller(string Name, CallerLimits Limits, bool SeesAll = false)
{
    /// <summary>Whoever asks a host that wants no key.</summary>
    public static Caller Everybody { get; } = new("everybody", CallerLimits.None, SeesAll: true);

    /// <summary>Whether a text may be a caller's name.</summary>
    public static bool IsName(string? text) => text is not null && NamePattern().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

/// <summary>What a caller may do.</summary>
/// <param name="RequestsPerMinute">How many requests that make or change something, spread evenly, with as many at once; null for no limit.</param>
/// <param name="RunningTalks">How many talks at the same time; null for no limit.</param>
public sealed record CallerLimits(int? RequestsPerMinute, int? RunningTalks)
{
    /// <summary>No limits.</summary>
    public static CallerLimits None { get; } = new(null, null);
}
