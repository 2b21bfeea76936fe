using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Speech;

/// <summary>
/// Decodes a whole speech once, to its end, into what is delivered, what the engine hears, and what is known of it. FLAC of 16 bits serves
/// both: what is delivered becomes AAC of 128 kbit/s, whose own noise is far above the last bit, and the engine's stages keep 16 bits too.
/// </summary>
/// <param name="options">How ffmpeg is run.</param>
/// <param name="limits">What is accepted; the defaults when null.</param>
public sealed class SpeechNormaliser(FfmpegOptions options, SpeechLimits? limits = null)
{
    private const int Rate = 48_000;
    private readonly FfmpegProcess _process = new(options);
    private readonly SpeechProbe _probe = new(options, limits);
    private readonly SpeechLimits _limits = limits ?? new SpeechLimits();

    /// <summary>Decodes a speech and writes both files, whole or not at all.</summary>
    /// <param name="path">The file: a recording, or a video with audio.</param>
    /// <param name="speechFlac">Where to write 48 kHz, 16 bits, one channel for one, two for two or more.</param>
    /// <param name="monoFlac">Where to write the mean of those channels at 16 kHz, 16 bits.</param>
    /// <param name="cut">The only part that is written and measured; null for the whole.</param>
    /// <param name="cancellationToken">Ends ffmpeg; no file is left.</param>
    /// <exception cref="TalkException">
    /// What <see cref="SpeechProbe.ProbeAsync"/> refuses, and <see cref="ErrorCode.SpeechTooShort"/>, <see cref="ErrorCode.SpeechSilent"/>,
    /// <see cref="ErrorCode.SpeechTruncated"/> or <see cref="ErrorCode.DiskFull"/>.
    /// </exception>
    public async Task<SpeechMeasures> NormaliseAsync(
        string path, string speechFlac, string monoFlac, SpeechCut? cut, CancellationToken cancellationToken)
    {
        var header = await _probe.ProbeAsync(path, cancellationToken);
        SpeechMeasures? measures = null;
        await WholeFiles.WriteAsync(
            [speechFlac, monoFlac],
            async temporary => measures = await DecodeAsync(path, header, (temporary[0], temporary[1]), cut, cancellationToken));
        return measures!;
    }

    /// <summary>Decodes a speech and measures it, with the same checks, and writes nothing.</summary>
    /// <param name="path">The file: a recording, or a video with audio.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <exception cref="TalkException">As <see cref="NormaliseAsync"/>.</exception>
    public async Task<SpeechMeasures> MeasureAsync(string path, CancellationToken cancellationToken) =>
        await DecodeAsync(path, await _probe.ProbeAsync(path, cancellationToken), null, null, cancellationToken);

    private async Task<SpeechMeasures> DecodeAsync(
        string path, SpeechHeader header, (string Speech, string Mono)? files, SpeechCut? cut, CancellationToken cancellationToken)
    {
        var channels = Math.Min(header.Channels, 2);
        var meter = new SpeechMeter(channels);
        var maxSamples = (long)(_limits.Max.TotalSeconds * Rate);
        var outcome = await _process.FfmpegAsync(
            [.. SpeechProbe.InputOptions, "-vn", "-sn", "-dn", "-i", FfmpegProcess.Url(path), .. Outputs(channels, files, cut)],
            cancellationToken,
            output: async (pipe, token) =>
            {
                if (!await meter.ReadAsync(pipe, maxSamples, token))
                    throw _probe.TooLong();
            });
        if (!outcome.Succeeded)
            throw SpeechProbe.Unreadable(outcome.Errors.LastLine);
        return Checked(header, meter, cut);
    }

    /// <summary>One graph for all outputs, so that the source is decoded and resampled once.</summary>
    private IEnumerable<string> Outputs(int channels, (string Speech, string Mono)? files, SpeechCut? cut)
    {
        var layout = channels == 1 ? "mono" : "stereo";
        var mean = channels == 1 ? "anull" : "pan=mono|c0=0.5*c0+0.5*c1";

        // async=1 lays silence where packets are missing, as recorders of calls leave them out while nobody speaks; it changes nothing else.
        var source = $"[0:a:0]aresample={Rate}:async=1,aformat=sample_fmts=flt:channel_layouts={layout}{Trim(cut)}";
        string[] measured = ["-map", "[measured]", "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"];
        if (files is null)
            return ["-filter_complex", $"{source}[measured]", .. measured];
        return
        [
            "-filter_complex", $"{source},asplit=3[measured][speech][both];[both]{mean},aresample=16000[mono]",
            .. measured,
            .. Flac("[speech]", files.Value.Speech),
            .. Flac("[mono]", files.Value.Mono),
        ];
    }

    private static string Trim(SpeechCut? cut) => cut is null
        ? ""
        : $",atrim=start_sample={cut.Start}{(cut.End is { } end ? $":end_sample={end}" : "")},asetpts=PTS-STARTPTS";

    private IEnumerable<string> Flac(string label, string path) =>
    [
        "-map", label, "-c:a", "flac", "-sample_fmt", "s16", "-threads", $"{_process.Options.Threads}",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "flac", FfmpegProcess.Url(path),
    ];

    private SpeechMeasures Checked(SpeechHeader header, SpeechMeter meter, SpeechCut? cut)
    {
        var seconds = meter.Samples / (double)Rate;
        var start = (cut?.Start ?? 0) / (double)Rate;
        var end = header.DeclaredSeconds is { } declared ? Math.Min(declared, (cut?.End ?? long.MaxValue) / (double)Rate) : (double?)null;
        if (end - start - seconds > _limits.TruncationTolerance.TotalSeconds)
        {
            throw new TalkException(
                ErrorCode.SpeechTruncated,
                $"The speech promises {header.DeclaredSeconds:0.0} s and holds {start + seconds:0.0} s; the file was cut off: copy or export it again.");
        }

        if (seconds < _limits.Min.TotalSeconds)
            throw new TalkException(ErrorCode.SpeechTooShort, $"The speech is {seconds:0.###} s long{(start > 0 ? $" behind second {start:0.###}" : "")}, and at least {_limits.Min.TotalSeconds:0.###} s are needed; give a longer recording.");
        if (meter.PeakDbfs <= _limits.SilencePeakDbfs)
            throw new TalkException(ErrorCode.SpeechSilent, $"There is nothing to hear in the speech (nothing above {_limits.SilencePeakDbfs:0} dBFS); check the recording.");
        if (meter.MeanPeakDbfs <= _limits.SilencePeakDbfs)
            throw new TalkException(ErrorCode.SpeechSilent, "The two channels of the speech cancel each other out; give a recording of one channel, or turn the phase of one around.");
        return new SpeechMeasures
        {
            Samples48k = meter.Samples,
            SourceChannels = header.Channels,
            SourceSampleRate = header.SampleRate,
            SourceFormat = header.Format,
            SourceCodec = header.Codec,
            DeclaredSeconds = header.DeclaredSeconds,
            PeakDbfs = meter.PeakDbfs,
            RmsDbfs = meter.RmsDbfs,
            LoudnessLufs = meter.LoudnessLufs,
            SilentShare = meter.SilentShare,
            ClippedShare = meter.ClippedShare,
            ClippedRunShare = meter.ClippedRunShare,
            ChannelDifferenceDb = meter.ChannelDifferenceDb,
            CancellationDb = meter.CancellationDb,
            Silences = meter.Silences,
        };
    }
}
