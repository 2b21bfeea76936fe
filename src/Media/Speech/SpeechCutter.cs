using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Speech;

/// <summary>Cuts a part out of a normalised speech, to the sample, and lengthens it with silence.</summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed class SpeechCutter(FfmpegOptions options)
{
    private readonly FfmpegProcess _process = new(options);

    /// <summary>Cuts.</summary>
    /// <param name="speechFlac">The speech, as <see cref="SpeechNormaliser"/> writes it.</param>
    /// <param name="first">The first sample of each channel, at the file's own rate.</param>
    /// <param name="samples">How many samples, at least 1.</param>
    /// <param name="length">How many samples there are in the end, with silence behind; <paramref name="samples"/> or more.</param>
    /// <param name="target">Where to write the FLAC.</param>
    /// <param name="cancellationToken">Ends ffmpeg; no file is left.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.Internal"/> when ffmpeg fails, or <see cref="ErrorCode.DiskFull"/>.</exception>
    public Task CutAsync(string speechFlac, long first, long samples, long length, string target, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, samples);
        return WholeFiles.WriteAsync(target, async temporary =>
        {
            // Through a pipe, so that ffmpeg ends with this process even when this one is killed.
            await using var speech = new FileStream(speechFlac, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
            var outcome = await _process.FfmpegAsync(
                [
                    "-f", "flac", "-i", "pipe:0", "-map", "0:a:0",
                    "-af", $"atrim=start_sample={first}:end_sample={first + samples},asetpts=PTS-STARTPTS,apad=whole_len={length}",
                    "-c:a", "flac", "-sample_fmt", "s16", "-threads", $"{_process.Options.Threads}",
                    "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "flac", FfmpegProcess.Url(temporary),
                ],
                cancellationToken,
                input: (pipe, token) => Pipes.FeedAsync(speech, pipe, token));
            if (!outcome.Succeeded)
                throw new TalkException(ErrorCode.Internal, $"ffmpeg could not cut the speech ({outcome.Errors.LastLine}).");
        });
    }
}
