using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Processes;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner;

/// <summary>Keeps runners of one home apart: a new one waits until the one before, whose parent has died, is gone too.</summary>
internal static class RunnerLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock, and empties what the runner before left, but for the windows that it had finished.</summary>
    /// <returns>The lock, held until it is disposed of; null when the parent ended first.</returns>
    public static async Task<FileStream?> TakeAsync(HomeLayout home, TimeProvider time, Task parentEnds)
    {
        while (!parentEnds.IsCompleted)
        {
            FileStream? held = null;
            try
            {
                held = new FileStream(home.RunnerLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                OwnFolder.Clear(home.Scratch);
                BrokenUse.ClearOthers(home);
                return held;
            }
            catch (IOException) when (File.Exists(home.RunnerLock))
            {
                // Held by the runner before, or that one's engine, which is ending, still writes into its folder.
                held?.Dispose();
                await Task.Delay(Pause, time);
            }
        }

        return null;
    }
}
