using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// A use of the engine whose files may lie there: noted in the home before there is one, and forgotten when they are deleted. A runner that is
/// killed, or whose engine cannot be reached at the end of the use, leaves its note; the files are deleted another time (<see cref="UseSweeper"/>).
/// </summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="RunId">The use's own name.</param>
internal sealed record EngineUse(string Talk, string RunId)
{
    private const string Extension = ".use";

    /// <summary>All uses that are noted. A note that was not written to its end is of a use that had not begun.</summary>
    public static IReadOnlyList<EngineUse> All(HomeLayout home) => !Directory.Exists(home.EngineUses)
        ? []
        : [.. Directory.GetFiles(home.EngineUses, $"*{Extension}").Select(path => new EngineUse(File.ReadAllText(path), Path.GetFileNameWithoutExtension(path)))];

    /// <summary>Notes it.</summary>
    public void Note(HomeLayout home)
    {
        Directory.CreateDirectory(home.EngineUses);
        File.WriteAllText(PathOf(home, RunId), Talk);
    }

    /// <summary>Forgets a use: nothing of it is left.</summary>
    public static void Forget(HomeLayout home, string runId)
    {
        if (Directory.Exists(home.EngineUses))
        {
            File.Delete(PathOf(home, runId));
        }
    }

    /// <summary>Forgets all uses but those whose windows are kept for whoever goes on with their take.</summary>
    public static void ForgetOthers(HomeLayout home)
    {
        var kept = BrokenUse.All(home).Select(note => note.Use.RunId).ToHashSet(StringComparer.Ordinal);
        foreach (var use in All(home).Where(use => !kept.Contains(use.RunId)))
        {
            Forget(home, use.RunId);
        }
    }

    private static string PathOf(HomeLayout home, string runId) => Path.Combine(home.EngineUses, runId + Extension);
}
