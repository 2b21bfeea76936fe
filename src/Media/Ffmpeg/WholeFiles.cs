using WanTalk.Core.Errors;

namespace WanTalk.Media.Ffmpeg;

/// <summary>
/// Writes files that are whole or absent: first under <c>PATH.tmp</c> in the same folder, then renamed. The temporary name is fixed, so
/// what a killed process left behind is overwritten by the next try and nothing piles up; a path has one writer at a time.
/// </summary>
internal static class WholeFiles
{
    // ENOSPC, which .NET passes on as the HResult of an IOException on Linux.
    private const int NoSpaceLeft = 28;

    /// <summary>Writes one file.</summary>
    public static async Task WriteAsync(string path, Func<string, Task> write) =>
        await WriteAsync([path], temporary => write(temporary[0]));

    /// <summary>Writes several files; each is renamed after all are whole.</summary>
    public static async Task WriteAsync(string[] paths, Func<string[], Task> write)
    {
        var temporary = Array.ConvertAll(paths, path => path + ".tmp");
        try
        {
            foreach (var path in temporary)
            {
                // A new file, so that an orphan of a killed process that still writes the old one writes into nothing. Created here, so that
                // a folder that is missing or closed is not taken for bad input.
                File.Delete(path);
                await File.Create(path).DisposeAsync();
            }

            await write(temporary);
            for (var i = 0; i < paths.Length; i++)
                File.Move(temporary[i], paths[i], overwrite: true);
        }
        catch (IOException e) when (e.HResult == NoSpaceLeft)
        {
            throw new TalkException(ErrorCode.DiskFull, "The disk is full; free some space and try again.", e);
        }
        finally
        {
            foreach (var path in temporary.Where(File.Exists))
                File.Delete(path);
        }
    }
}
