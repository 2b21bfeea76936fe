using System.Buffers;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Speech;

/// <summary>How long a recording is when it is decoded to its end, whatever its header says.</summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed class AudioLength(FfmpegOptions options)
{
    private const int Rate = 48_000;
    private readonly FfmpegProcess _process = new(options);

    /// <summary>Decodes the first audio stream and counts its samples. In memory that does not grow with the length.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <returns>Samples of each channel at 48 kHz; or null, and in one line why it cannot be decoded.</returns>
    public async Task<(long? Samples48k, string? Complaint)> CountAsync(string file, CancellationToken cancellationToken)
    {
        long bytes = 0;
        var outcome = await _process.FfmpegAsync(
            [
                "-xerror", "-i", FfmpegProcess.Url(file), "-map", "0:a:0", "-ac", "1", "-ar", $"{Rate}", "-f", "s16le", "pipe:1",
            ],
            cancellationToken,
            output: async (pipe, token) => bytes = await DrainAsync(pipe, token));
        return outcome.Succeeded ? (bytes / sizeof(short), null) : (null, outcome.Errors.LastLine);
    }

    private static async Task<long> DrainAsync(Stream pipe, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            long bytes = 0;
            for (int count; (count = await pipe.ReadAsync(buffer, cancellationToken)) > 0;)
                bytes += count;
            return bytes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
