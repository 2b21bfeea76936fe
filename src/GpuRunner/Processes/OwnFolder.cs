namespace WanTalk.GpuRunner.Processes;

/// <summary>Folders whose content is worth nothing once the process that wrote it is gone, or little of it.</summary>
internal static class OwnFolder
{
    /// <summary>Empties a folder, which may be a disk of its own; makes it when it is missing.</summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="kept">Folders below it that stay as they are.</param>
    public static void Clear(string folder, params IReadOnlyCollection<string> kept)
    {
        Directory.CreateDirectory(folder);
        Empty(folder, kept);
    }

    private static void Remove(string folder, IReadOnlyCollection<string> kept)
    {
        if (kept.Contains(folder))
        {
            return;
        }

        if (!kept.Any(inner => inner.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        Empty(folder, kept);
    }

    private static void Empty(string folder, IReadOnlyCollection<string> kept)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            Remove(inner, kept);
        }

        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }
    }
}
