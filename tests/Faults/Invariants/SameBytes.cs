using WanTalk.Faults.Plans;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>A completed video has the bytes of an undisturbed run's with the same inputs and the same seed.</summary>
internal static class SameBytes
{
    /// <summary>Compares.</summary>
    public static void Check(TalkHistory talk, IReadOnlyDictionary<Script, string> undisturbed, Violations violations)
    {
        if (talk.Sha256 is { } sha256 && undisturbed[talk.Planned.Script] is var expected && sha256 != expected)
        {
            violations.Add("same bytes", talk, $"has a video with SHA-256 {sha256}; undisturbed it is {expected}");
        }
    }
}
