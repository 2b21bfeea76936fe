using System.Runtime.InteropServices;
using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Speech.Voice;

/// <summary>
/// Measures how much of a speech is somebody's voice, as it streams by: noise, music without a singer and tones are no voice. A voice
/// begins where <see cref="SileroVad"/> is at least half sure and goes on until it is less than 0.35 sure, as in Silero's own
/// get_speech_timestamps. Takes about 5 ms of one core for each second of speech, and holds nothing of it.
/// </summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed class VoiceMeter(FfmpegOptions options)
{
    private const int Rate = 16_000;
    private const float Begins = 0.5f;
    private const float Ends = 0.35f;
    private readonly FfmpegProcess _process = new(options);

    /// <summary>Measures a recording to its end.</summary>
    /// <param name="path">A recording that is known to be sound, such as <see cref="SpeechNormaliser"/> writes.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.SpeechUnreadable"/> or <see cref="ErrorCode.ProgramMissing"/>.</exception>
    public async Task<VoiceMeasures> MeasureAsync(string path, CancellationToken cancellationToken)
    {
        VoiceMeasures? measures = null;
        var outcome = await _process.FfmpegAsync(
            ["-i", FfmpegProcess.Url(path), "-vn", "-ac", "1", "-ar", $"{Rate}", "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"],
            cancellationToken,
            output: async (pipe, token) => measures = await ReadAsync(pipe, token));
        return outcome.Succeeded && measures is not null ? measures : throw SpeechProbe.Unreadable(outcome.Errors.LastLine);
    }

    /// <summary>Reads little-endian floats at 16 kHz to the end; the last, shorter step is filled up with silence.</summary>
    internal static async Task<VoiceMeasures> ReadAsync(Stream pipe, CancellationToken cancellationToken)
    {
        var network = new SileroVad();
        var buffer = new byte[SileroVad.FrameSamples * sizeof(float)];
        var (samples, voiced, speaks) = (0L, 0L, false);
        while (await pipe.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) is > 0 and var count)
        {
            buffer.AsSpan(count).Clear();
            var likely = network.Next(MemoryMarshal.Cast<byte, float>(buffer));
            speaks = likely >= (speaks ? Ends : Begins);
            samples += count / sizeof(float);
            voiced += speaks ? count / sizeof(float) : 0;
        }

        return new VoiceMeasures(voiced / (double)Rate, samples == 0 ? 0 : voiced / (double)samples);
    }
}
