using WanTalk.Core.Errors;
using WanTalk.Core.Windows;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Looks at the vocals that arrived: a mouth that follows vocals of another length would not follow the speech.</summary>
internal static class VocalsCheck
{
    /// <summary>
    /// How far the lengths may be apart, in samples at 48 kHz: half a frame. AudioSeparation gives as many samples as it resampled the
    /// speech to, and SaveAudio stores each of them, so that what resampling rounds, a few samples, is all the difference there is.
    /// </summary>
    public const long Tolerance = WindowArithmetic.SpeechSamplesPerFrame / 2;

    /// <summary>Refuses vocals that cannot be decoded, or are not as long as the speech.</summary>
    /// <param name="file">The vocals.</param>
    /// <param name="speechSamples">The speech's length in samples at 48 kHz.</param>
    /// <param name="ffmpeg">How ffmpeg is run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.EngineOutputInvalid"/>.</exception>
    public static async Task DemandAsync(string file, long speechSamples, FfmpegOptions ffmpeg, CancellationToken cancellationToken)
    {
        var (found, complaint) = await new AudioLength(ffmpeg).CountAsync(file, cancellationToken);
        if (found is not { } samples)
        {
            throw Refused($"cannot be decoded ({complaint})");
        }

        if (Math.Abs(samples - speechSamples) > Tolerance)
        {
            throw Refused($"last {Seconds(samples)} s where the speech lasts {Seconds(speechSamples)} s");
        }
    }

    private static TalkException Refused(string what) => new(
        ErrorCode.EngineOutputInvalid,
        $"The vocals that the engine made {what}. Update audio-separation-nodes-comfyui on the engine and restart it.");

    private static string Seconds(long samples) =>
        ((double)samples / WindowArithmetic.SpeechSampleRate).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
