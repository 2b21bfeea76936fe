using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Speech;

/// <summary>
/// Encodes the speech that is delivered, once for a whole talk: 81 frames of video are 151.875 AAC frames, so audio cannot be encoded a
/// window at a time without clicks.
/// </summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed class AacEncoder(FfmpegOptions options)
{
    private readonly FfmpegProcess _process = new(options);

    /// <summary>Encodes to AAC LC of 128 kbit/s at 48 kHz, the source's one or two channels, in an M4A without metadata. Bytes repeat.</summary>
    /// <param name="speechFlac">The speech at 48 kHz, as <see cref="SpeechNormaliser"/> writes it.</param>
    /// <param name="speechM4a">Where to write.</param>
    /// <param name="cancellationToken">Ends ffmpeg; no file is left.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.Internal"/> when ffmpeg fails, or <see cref="ErrorCode.DiskFull"/>.</exception>
    public Task EncodeAsync(string speechFlac, string speechM4a, CancellationToken cancellationToken) =>
        WholeFiles.WriteAsync(speechM4a, async temporary =>
        {
            // Through a pipe, so that ffmpeg ends with this process even when this one is killed.
            await using var speech = new FileStream(speechFlac, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
            var outcome = await _process.FfmpegAsync(
                [
                    "-f", "flac", "-i", "pipe:0", "-map", "0:a:0",
                    "-c:a", "aac", "-profile:a", "aac_low", "-b:a", "128k", "-ar", "48000", "-threads", $"{_process.Options.Threads}",

                    // Edit lists count in this scale; in the usual milliseconds the last samples would be cut off.
                    "-movie_timescale", "48000",
                    "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "mp4", FfmpegProcess.Url(temporary),
                ],
                cancellationToken,
                input: (pipe, token) => Pipes.FeedAsync(speech, pipe, token));
            if (!outcome.Succeeded)
                throw new TalkException(ErrorCode.Internal, $"ffmpeg could not encode the speech ({outcome.Errors.LastLine}).");
        });
}
