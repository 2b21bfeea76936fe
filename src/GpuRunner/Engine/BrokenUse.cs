using System.Text.Json;
using WanTalk.Core.Json;
using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Processes;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// The use of the engine that samples now, noted in the home. When runner or engine dies, the note tells where the windows lie that were
/// finished and not yet committed, so that only the one that was being sampled is sampled again.
/// </summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="Take">The take.</param>
/// <param name="RunId">The use's own name.</param>
/// <param name="Settings">What its windows are made with.</param>
internal sealed record BrokenUse(string Talk, int Take, string RunId, WindowSettings Settings)
{
    private const int Most = 16;

    /// <summary>The use that is noted for a take; null when none is, or the note cannot be read.</summary>
    public static BrokenUse? Read(HomeLayout home, string talk, int take) => Read(PathOf(home, talk, take));

    /// <summary>All uses that are noted, and when each was.</summary>
    public static IReadOnlyList<(BrokenUse Use, DateTimeOffset NotedAt)> All(HomeLayout home) => !Directory.Exists(home.EngineUses)
        ? []
        : [.. Directory.GetFiles(home.EngineUses, "*.json")
            .Select(path => (Use: Read(path), NotedAt: new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero)))
            .Where(note => note.Use is not null).Select(note => (note.Use!, note.NotedAt))];

    /// <summary>Notes a use, whole or not at all; of many takes' notes the newest are kept.</summary>
    public void Note(HomeLayout home)
    {
        var path = PathOf(home, Talk, Take);
        Directory.CreateDirectory(home.EngineUses);
        File.WriteAllBytes(path + ".part", CoreJson.ToBytes(this));
        File.Move(path + ".part", path, overwrite: true);
        foreach (var old in new DirectoryInfo(home.EngineUses).GetFiles("*.json").OrderByDescending(note => note.LastWriteTimeUtc).Skip(Most))
        {
            old.Delete();
        }
    }

    /// <summary>Forgets what is noted for a take: its windows are committed.</summary>
    public static void Forget(HomeLayout home, string talk, int take)
    {
        if (Directory.Exists(home.EngineUses))
        {
            File.Delete(PathOf(home, talk, take));
        }
    }

    /// <summary>Empties the engine's folder of all but the windows of the uses that are noted.</summary>
    public static void ClearOthers(HomeLayout home)
    {
        OwnFolder.Clear(home.Engine, [.. All(home)
            .Select(note => Path.Combine(home.Engine, "output", EngineSession.FolderOf(note.Use.Talk, note.Use.RunId)))]);
    }

    private static string PathOf(HomeLayout home, string talk, int take) => Path.Combine(home.EngineUses, $"{talk}-{take:00}.json");

    private static BrokenUse? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<BrokenUse>(File.ReadAllBytes(path), CoreJson.Options);
        }
        catch (Exception missing) when (missing is IOException or JsonException)
        {
            return null;
        }
    }
}
