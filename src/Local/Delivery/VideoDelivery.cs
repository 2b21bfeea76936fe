using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Local.Delivery;

/// <summary>Copies a finished video to where the person wants it: whole under its name, or not at all.</summary>
internal static class VideoDelivery
{
    /// <summary>Where a video goes.</summary>
    /// <param name="asked">What the person gave: a file, an existing folder, or nothing.</param>
    /// <param name="speechName">The speech's file name, which names the video when the person does not.</param>
    /// <exception cref="TalkException">Its folder does not exist.</exception>
    public static string ResolveTarget(string? asked, string speechName)
    {
        var name = Path.ChangeExtension(Path.GetFileName(speechName), ".mp4");
        var target = Path.GetFullPath(asked ?? name);
        if (Directory.Exists(target))
        {
            target = Path.Combine(target, name);
        }

        var folder = Path.GetDirectoryName(target)!;
        return Directory.Exists(folder)
            ? target
            : throw new TalkException(ErrorCode.OutputFolderMissing, $"The folder {folder} does not exist. Make it, or give another --out.");
    }

    /// <summary>Copies the video.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.DeliveryFailed"/>: it did not fit or may not be written; it is kept.</exception>
    public static async Task DeliverAsync(IArtifactStore store, string talk, string target, CancellationToken cancellationToken)
    {
        var part = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{talk}.part");
        try
        {
            await using (var video = await store.OpenReadAsync(new TalkPaths(talk).Video, cancellationToken)
                ?? throw new FileNotFoundException("The video is missing from the home."))
            await using (var file = File.Create(part))
            {
                await video.CopyToAsync(file, cancellationToken);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, target, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TalkException(ErrorCode.DeliveryFailed,
                $"The video could not be written to {target}: {failure.Message} It is kept: wantalk resume {talk} --out FILE delivers it.", failure);
        }
        finally
        {
            Remove(part);
        }
    }

    private static void Remove(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that is being reported says more than this one would.
        }
    }
}
