using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// A use of the engine whose files may lie there: noted in the home before there is one, and forgotten when they are deleted. A runner that is
/// killed, or whose engine cannot be reached at the end of the use, leaves its note; the files are deleted another time (<see cref="UseSweeper"/>).
/// A note is the name of an empty file, which is there as a whole or not at all.
/// </summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="RunId">The use's own name.</param>
internal sealed record EngineUse(string Talk, string RunId)
{
    private const string Extension = ".use";

    /// <summary>The uses that are noted and whose windows are not kept for whoever goes on with their take (<see cref="BrokenUse"/>).</summary>
    public static IReadOnlyList<EngineUse> Left(HomeLayout home)
    {
        if (!Directory.Exists(home.EngineUses))
        {
            return [];
        }

        var kept = BrokenUse.All(home).Select(note => note.Use.RunId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Directory.GetFiles(home.EngineUses, $"*{Extension}")
                .Select(path => Path.GetFileNameWithoutExtension(path).Split('.', 2))
                .Select(name => new EngineUse(name[0], name[^1]))
                .Where(use => !kept.Contains(use.RunId)),
        ];
    }

    /// <summary>Notes it.</summary>
    public void Note(HomeLayout home)
    {
        Directory.CreateDirectory(home.EngineUses);
        File.Create(PathIn(home)).Dispose();
    }

    /// <summary>Forgets it: nothing of it is left.</summary>
    public void Forget(HomeLayout home)
    {
        if (Directory.Exists(home.EngineUses))
        {
            File.Delete(PathIn(home));
        }
    }

    private string PathIn(HomeLayout home) => Path.Combine(home.EngineUses, $"{Talk}.{RunId}{Extension}");
}
