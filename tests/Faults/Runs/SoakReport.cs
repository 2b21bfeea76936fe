using System.Text.Json;

namespace WanTalk.Faults.Runs;

/// <summary>What a run came to.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Seconds">How long faults were injected.</param>
/// <param name="WholeSeconds">How long the run took, with its beginning and its end.</param>
/// <param name="Faults">How many faults met something, by kind.</param>
/// <param name="Missed">How many met nothing, because what they were to meet was away.</param>
/// <param name="NotPossible">The kinds that this machine does not allow.</param>
/// <param name="Talks">The talks by their end.</param>
/// <param name="Retries">How often talks were retried.</param>
/// <param name="Resampled">Windows that were sampled again.</param>
/// <param name="Allowed">Windows that may have been.</param>
/// <param name="KeptUses">Uses of engines whose finished windows a runner still keeps, though nobody goes on with them.</param>
/// <param name="Violations">What must not be, and was.</param>
public sealed record SoakReport(
    int Seed, double Seconds, double WholeSeconds, IReadOnlyDictionary<string, int> Faults, int Missed, IReadOnlyList<string> NotPossible,
    IReadOnlyDictionary<string, int> Talks, int Retries, int Resampled, int Allowed, int KeptUses, IReadOnlyList<string> Violations)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>How many faults met something.</summary>
    public int FaultCount => Faults.Values.Sum();

    /// <summary>How many talks were accepted.</summary>
    public int TalkCount => Talks.Values.Sum();

    /// <summary>As it is stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, _json);

    /// <summary>As it is printed.</summary>
    public string Describe() =>
        $"""
        seed {Seed}: {FaultCount} faults over {TalkCount} talks in {WholeSeconds:0} s
          faults: {Counts(Faults)}; {Missed} met nothing{(NotPossible.Count > 0 ? $"; not possible here: {string.Join(", ", NotPossible)}" : "")}
          talks: {Counts(Talks)}; {Retries} retries
          windows sampled again: {Resampled} of {Allowed} that are allowed
          uses of engines whose windows are still kept: {KeptUses}
          violations: {Violations.Count}{string.Concat(Violations.Select(found => $"\n    {found}"))}
        """;

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}"));
}
