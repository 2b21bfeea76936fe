namespace WanTalk.Storage.Local;

/// <summary>
/// The folder of files under construction and of folders on their way out. It lies in the store's root, so on the same file system, and its
/// name starts with a dot, which no artifact's name can.
/// </summary>
internal sealed class TemporaryFolder(string root, TimeProvider time, TimeSpan age)
{
    private readonly string _path = Path.Combine(root, ".tmp");

    /// <summary>Starts a file under a name of its own.</summary>
    internal TemporaryFile CreateFile() => new(NewName());

    /// <summary>A name that nobody else uses.</summary>
    internal string NewName()
    {
        Directory.CreateDirectory(_path);
        return Path.Combine(_path, $"{Environment.ProcessId}-{Guid.NewGuid():N}");
    }

    /// <summary>Removes what writers that were killed have left.</summary>
    /// <returns>How many files and folders were removed.</returns>
    internal int Sweep(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var entry in new DirectoryInfo(Directory.CreateDirectory(_path).FullName).EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wasRemoved = entry is DirectoryInfo folder ? RemoveFolder(folder.FullName) : RemoveIfAbandoned((FileInfo)entry);
            removed += wasRemoved ? 1 : 0;
        }

        return removed;
    }

    /// <summary>Removes a folder that was moved here. Several may try at once.</summary>
    internal static bool RemoveFolder(string folder)
    {
        while (true)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return true;
            }
            catch (DirectoryNotFoundException)
            {
                return false;
            }
            catch (IOException exception) when (exception.HResult == Libc.NotEmpty)
            {
                // A writer that had found the folder before it was moved has put its file there. No later one can.
            }
        }
    }

    private bool RemoveIfAbandoned(FileInfo file)
    {
        // A writer that has created its file and not locked it yet is protected by the age alone.
        if (time.GetUtcNow() - file.LastWriteTimeUtc < age)
        {
            return false;
        }

        try
        {
            using var proofThatNobodyHoldsIt = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            file.Delete();
            return true;
        }
        catch (IOException)
        {
            // Locked by its writer, or gone.
            return false;
        }
    }
}
