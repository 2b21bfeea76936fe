using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WanTalk.Core.Errors;

namespace WanTalk.Core.Owners;

/// <summary>
/// The keys that callers may have, by the SHA-256 of each. Keys are long and random (<see cref="New"/>), so that a plain hash hides them; a
/// key is revoked by taking it out of the settings.
/// </summary>
public sealed partial class ApiKeys
{
    /// <summary>The variable with the keys: <c>NAME=SHA256[;rate=N][;talks=N]</c>, separated by commas.</summary>
    public const string Variable = "WANTALK_API_KEYS";

    /// <summary>The most requests a minute that a limit may be.</summary>
    public const int MaxRate = 100_000;

    /// <summary>The most talks at the same time that a limit may be: their ids are one record.</summary>
    public const int MaxTalks = 1_000;

    private const string Beginning = "wt_";

    private readonly IReadOnlyList<(byte[] Sha256, Caller Caller)> _keys;

    private ApiKeys(IReadOnlyList<(byte[] Sha256, Caller Caller)> keys) => _keys = keys;

    /// <summary>No keys: the host wants none.</summary>
    public static ApiKeys None { get; } = new([]);

    /// <summary>Whether there are any.</summary>
    public bool AreWanted => _keys.Count > 0;

    /// <summary>Reads the setting. Two keys may have one name: both are that caller's, while one replaces the other.</summary>
    /// <param name="setting">Its value; null or empty for no keys.</param>
    /// <exception cref="TalkException">It has another form. The message shows nothing of it but names.</exception>
    public static ApiKeys Parse(string? setting)
    {
        var keys = new List<(byte[], Caller)>();
        foreach (var text in (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!KeyPattern().IsMatch(text))
            {
                throw Wrong($"has no key number {keys.Count + 1}");
            }

            var parts = text.Split(';', StringSplitOptions.TrimEntries);
            var (name, hash) = (parts[0].Split('=')[0], parts[0].Split('=')[1]);
            var limits = parts[1..].Select(part => part.Split('=')).ToLookup(part => part[0], part => int.Parse(part[1], CultureInfo.InvariantCulture));
            if (limits.Any(limit => limit.Count() > 1 || limit.First() < 1 || limit.First() > (limit.Key == "rate" ? MaxRate : MaxTalks)))
            {
                throw Wrong($"has a limit of '{name}' twice, or a rate outside 1 to {MaxRate}, or talks outside 1 to {MaxTalks}");
            }

            keys.Add((Convert.FromHexString(hash), new Caller(name, new CallerLimits(LimitOf("rate"), LimitOf("talks")))));

            int? LimitOf(string limit) => limits[limit] is var found && found.Any() ? found.First() : null;
        }

        return new ApiKeys(keys);
    }

    /// <summary>A new key: 256 random bits.</summary>
    public static string New() => Beginning + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the settings have of a key.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Whose a key is; null for nobody's. All keys are compared, each in constant time, so that the time tells nothing.</summary>
    public Caller? Find(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        Caller? found = null;
        foreach (var (sha256, caller) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(sha256, hash) ? caller : found;
        }

        return found;
    }

    private static TalkException Wrong(string what) => new(ErrorCode.ArgumentInvalid,
        $"{Variable} {what}. Give NAME=SHA256, with ;rate=N (requests a minute) and ;talks=N (at the same time) if wanted, separated by commas; 'wantalk key NAME' makes one.");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}=[0-9a-fA-F]{64}(\s*;\s*(rate|talks)=[0-9]{1,6})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}
