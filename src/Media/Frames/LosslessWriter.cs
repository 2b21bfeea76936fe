using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Pictures;

namespace WanTalk.Media.Frames;

/// <summary>Writes frames without loss, as an engine does: Ut Video in Matroska, 25 frames a second.</summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed class LosslessWriter(FfmpegOptions options)
{
    private readonly FfmpegProcess _process = new(options);

    /// <summary>Writes frames as they come; same frames, same bytes.</summary>
    /// <param name="frames">The frames, all of the stated size, at least one.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="matroskaPath">Where to write.</param>
    /// <param name="cancellationToken">Ends ffmpeg; no file is left.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.Internal"/> when ffmpeg fails, or <see cref="ErrorCode.DiskFull"/>.</exception>
    public Task WriteAsync(IAsyncEnumerable<RgbImage> frames, int width, int height, string matroskaPath, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return WholeFiles.WriteAsync(matroskaPath, async temporary =>
        {
            var outcome = await _process.FfmpegAsync(
                [
                    "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{width}x{height}", "-r", "25", "-i", "pipe:0",
                    "-c:v", "utvideo", "-pred", "median", "-slices", "4", "-pix_fmt", "gbrp", "-threads", $"{_process.Options.Threads}",
                    "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "matroska", FfmpegProcess.Url(temporary),
                ],
                cancellationToken,
                input: (pipe, token) => FeedAsync(frames, width, height, pipe, token));
            if (!outcome.Succeeded)
                throw new TalkException(ErrorCode.Internal, $"ffmpeg could not write the frames ({outcome.Errors.LastLine}).");
        });
    }

    private static async Task FeedAsync(IAsyncEnumerable<RgbImage> frames, int width, int height, Stream pipe, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            if (frame.Width != width || frame.Height != height)
                throw new ArgumentException($"A frame is {frame.Width}x{frame.Height} and not {width}x{height}.", nameof(frames));
            if (!await Pipes.TryWriteAsync(pipe, frame.Pixels, cancellationToken))
                return;
        }
    }
}
