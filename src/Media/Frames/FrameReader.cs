using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Pictures;
using WanTalk.Media.Probing;

namespace WanTalk.Media.Frames;

/// <summary>Decodes a film frame by frame.</summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed class FrameReader(FfmpegOptions options)
{
    private const int FramesAhead = 2;
    private readonly FfmpegProcess _process = new(options);
    private readonly MediaProbe _probe = new(options);

    /// <summary>
    /// Every frame in showing order, as 8-bit RGB by the film's own colour tags. ffmpeg decodes a few frames ahead and then waits, so that
    /// memory stays bounded; leaving the loop early ends it.
    /// </summary>
    /// <param name="videoPath">The film: MP4, Matroska or whatever ffmpeg reads.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.Internal"/> when it cannot be decoded, <see cref="ErrorCode.ProgramMissing"/>.</exception>
    public async IAsyncEnumerable<RgbImage> ReadAsync(string videoPath, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var video = (await _probe.ProbeAsync(videoPath, cancellationToken)).Video
            ?? throw new TalkException(ErrorCode.Internal, $"'{Path.GetFileName(videoPath)}' has no film in it.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var frames = Channel.CreateBounded<RgbImage>(new BoundedChannelOptions(FramesAhead) { SingleReader = true, SingleWriter = true });
        var decoding = DecodeAsync(videoPath, video, frames.Writer, stop.Token);
        try
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(cancellationToken))
                yield return frame;
        }
        finally
        {
            await stop.CancelAsync();
            await decoding;
        }
    }

    /// <summary>Never throws: what goes wrong reaches the reader through the channel.</summary>
    private async Task DecodeAsync(string path, StreamInfo video, ChannelWriter<RgbImage> frames, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            var outcome = await _process.FfmpegAsync(
                [
                    "-threads", $"{_process.Options.Threads}", "-i", FfmpegProcess.Url(path), "-map", "0:v:0", "-fps_mode", "passthrough",
                    "-sws_flags", "bicubic+accurate_rnd+full_chroma_int", "-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1",
                ],
                cancellationToken,
                output: (pipe, token) => SplitAsync(pipe, video, frames, token));
            if (!outcome.Succeeded)
                failure = new TalkException(ErrorCode.Internal, $"'{Path.GetFileName(path)}' cannot be decoded ({outcome.Errors.LastLine}).");
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            frames.Complete(failure);
        }
    }

    private static async Task SplitAsync(Stream pipe, StreamInfo video, ChannelWriter<RgbImage> frames, CancellationToken cancellationToken)
    {
        while (true)
        {
            var pixels = new byte[3L * video.Width * video.Height];
            var count = await pipe.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, cancellationToken);
            if (count == 0)
                return;
            if (count < pixels.Length)
                throw new TalkException(ErrorCode.Internal, "The film's last frame breaks off.");
            await frames.WriteAsync(new RgbImage(video.Width, video.Height, pixels), cancellationToken);
        }
    }
}
