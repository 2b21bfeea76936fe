namespace WanTalk.GpuRunner.Models;

/// <summary>Keeps two pulls into one folder apart, on one machine or on a share: the second waits, and finds everything there.</summary>
internal static class FolderLock
{
    /// <summary>EROFS of Linux, which .NET hands on: nobody holds a lock there, and nothing can be pulled.</summary>
    private const int ReadOnly = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Takes the lock of a folder, which is made when it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="onWait">Told once, when another process has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The lock, held until it is disposed of; it ends with the process, however that ends.</returns>
    public static async Task<IDisposable> TakeAsync(string folder, Action onWait, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, ".wantalk-pull.lock");
        for (var waits = 0; ; waits++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (held.HResult != ReadOnly && File.Exists(path))
            {
                if (waits == 0)
                {
                    onWait();
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
