using WanTalk.Core.Sniffing;

namespace WanTalk.Media.Sniffing;

/// <summary>Tells what a file on disk is by its first bytes.</summary>
public static class FileSniffer
{
    /// <summary>Tells the kind of a file.</summary>
    public static async Task<MediaKind> SniffAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        var start = new byte[MediaSniffer.BytesNeeded];
        var count = await file.ReadAtLeastAsync(start, MediaSniffer.BytesNeeded, throwOnEndOfStream: false, cancellationToken);
        return MediaSniffer.Sniff(start.AsSpan(0, count));
    }
}
