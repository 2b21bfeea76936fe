using System.Text.Json;
using WanTalk.Faults.Houses;
using WanTalk.Storage.Local;

namespace WanTalk.Faults.Invariants;

/// <summary>
/// The uses of engines that runners have noted: a runner that was killed, or whose talk was cancelled, keeps the windows that its engine had
/// finished, to take them over when the take goes on there. They go within a minute when another runner has ended the take, and after an hour
/// when nobody has come back to a talk that failed or was cancelled; a run counts those that are left.
/// </summary>
internal static class KeptUses
{
    /// <summary>How many there are.</summary>
    public static int Count(RunningHouse house) => house.Homes.Sum(home => Notes(home).Count());

    /// <summary>Whether a file is a note, or lies in the folder of a use that is noted.</summary>
    public static bool Contains(RunningHouse house, string file) => house.Homes.Any(home =>
        file.StartsWith(home.EngineUses, StringComparison.Ordinal)
        || Notes(home).Any(folder => file.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)));

    private static IEnumerable<string> Notes(HomeLayout home) => !Directory.Exists(home.EngineUses)
        ? []
        : Directory.EnumerateFiles(home.EngineUses, "*.json").Select(FolderOf).OfType<string>();

    /// <returns>The folder below the engine's output; null when the note has just gone.</returns>
    private static string? FolderOf(string note)
    {
        try
        {
            using var use = JsonDocument.Parse(File.ReadAllBytes(note));
            return Path.Combine("wantalk", use.RootElement.GetProperty("talk").GetString()!, use.RootElement.GetProperty("run_id").GetString()!);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
