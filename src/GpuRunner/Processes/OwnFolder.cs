namespace WanTalk.GpuRunner.Processes;

/// <summary>Folders whose content is worth nothing once the process that wrote it is gone.</summary>
internal static class OwnFolder
{
    /// <summary>Empties a folder; makes it when it is missing.</summary>
    public static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }
}
