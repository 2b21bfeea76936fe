using System.Text.Json;
using WanTalk.Core.Json;
using WanTalk.Core.Sampling;
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
    /// <summary>The use that is noted in a home; null when none is, or the note cannot be read.</summary>
    public static BrokenUse? Read(HomeLayout home)
    {
        try
        {
            return JsonSerializer.Deserialize<BrokenUse>(File.ReadAllBytes(home.EngineUse), CoreJson.Options);
        }
        catch (Exception missing) when (missing is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Notes a use; whole or not at all.</summary>
    public void Note(HomeLayout home)
    {
        var half = home.EngineUse + ".part";
        File.WriteAllBytes(half, CoreJson.ToBytes(this));
        File.Move(half, home.EngineUse, overwrite: true);
    }

    /// <summary>Forgets what is noted: its windows are committed.</summary>
    public static void Forget(HomeLayout home) => File.Delete(home.EngineUse);

    /// <summary>Empties the engine's folder of all but the windows of the use that is noted.</summary>
    public static void ClearOthers(HomeLayout home)
    {
        var kept = Read(home) is { } use ? Path.Combine(home.Engine, "output", EngineSession.FolderOf(use.Talk, use.RunId)) : null;
        Clear(home.Engine, kept);
        Directory.CreateDirectory(home.Engine);
    }

    private static void Clear(string folder, string? kept)
    {
        if (!Directory.Exists(folder) || folder == kept)
        {
            return;
        }

        if (kept is null || !kept.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            Clear(inner, kept);
        }

        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }
    }
}
