using WanTalk.Core.Errors;
using WanTalk.Core.Sniffing;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Probing;
using WanTalk.Media.Sniffing;

namespace WanTalk.Media.Speech;

/// <summary>Looks at a speech file without decoding it, and refuses what needs no decoding to be refused.</summary>
/// <param name="options">How ffprobe is run.</param>
/// <param name="limits">What is accepted; the defaults when null.</param>
public sealed class SpeechProbe(FfmpegOptions options, SpeechLimits? limits = null)
{
    // Containers whose own header says how long the audio is. WAV and MP3 are read by HeaderPromise.
    private static readonly string[] PromisingFormats = ["aiff", "asf", "avi", "caf", "flac", "matroska", "mov", "w64"];
    private readonly MediaProbe _probe = new(options);
    private readonly SpeechLimits _limits = limits ?? new SpeechLimits();

    /// <summary>
    /// Options in front of an input of unknown origin. Formats that name other files or addresses (playlists) are not on the list, and no
    /// protocol but plain files is open to any of them.
    /// </summary>
    internal static IReadOnlyList<string> InputOptions { get; } =
    [
        "-protocol_whitelist", "file",
        "-format_whitelist",
        "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,tta,w64,wav,wv",
    ];

    /// <summary>Reads the header.</summary>
    /// <param name="path">The file: a recording, or a video with audio.</param>
    /// <param name="cancellationToken">Ends ffprobe.</param>
    /// <exception cref="TalkException">
    /// <see cref="ErrorCode.SpeechMissing"/>, <see cref="ErrorCode.SpeechEmpty"/>, <see cref="ErrorCode.SpeechUnreadable"/>,
    /// <see cref="ErrorCode.SpeechNoAudio"/>, <see cref="ErrorCode.SpeechTooLong"/> or <see cref="ErrorCode.ProgramMissing"/>.
    /// </exception>
    public async Task<SpeechHeader> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new TalkException(ErrorCode.SpeechMissing, $"There is no speech at '{path}'; check the path.");
        if (file.Length == 0)
            throw new TalkException(ErrorCode.SpeechEmpty, "The speech is an empty file; give a recording such as WAV, MP3 or FLAC.");
        var kind = await FileSniffer.SniffAsync(path, cancellationToken);
        if (kind == MediaKind.Text)
            throw new TalkException(ErrorCode.SpeechUnreadable, "The speech is a text file; give a recording such as WAV, MP3 or FLAC.");
        if (MediaSniffer.IsPicture(kind))
            throw new TalkException(ErrorCode.SpeechNoAudio, "The speech is a picture and has no audio in it; give a recording such as WAV, MP3 or FLAC.");

        var (info, reason) = await _probe.TryProbeAsync(path, InputOptions, cancellationToken);
        if (info is null)
            throw Unreadable(reason);
        if (info.Audio is not { } audio)
            throw new TalkException(ErrorCode.SpeechNoAudio, "The speech file has no audio in it; give a recording, or a video with sound.");
        if (audio.Channels < 1 || audio.SampleRate < 1 || audio.Codec.Length == 0)
            throw Unreadable("its audio cannot be decoded");
        var declared = await DeclaredAsync(path, info, audio, cancellationToken);
        if (declared > _limits.Max.TotalSeconds)
            throw TooLong();
        return new SpeechHeader(kind, info.Format, audio.Codec, audio.SampleRate, audio.Channels, declared, info.Video is not null);
    }

    /// <summary>The error for speech beyond the longest.</summary>
    internal TalkException TooLong() =>
        new(ErrorCode.SpeechTooLong, $"The speech is longer than {_limits.Max.TotalSeconds:0.###} s; give a shorter recording.");

    /// <summary>The error for what ffmpeg cannot decode.</summary>
    internal static TalkException Unreadable(string reason) =>
        new(ErrorCode.SpeechUnreadable, $"The speech cannot be decoded ({reason}); give a whole recording such as WAV, MP3 or FLAC.");

    private static async Task<double?> DeclaredAsync(
        string path, MediaInfo info, StreamInfo audio, CancellationToken cancellationToken)
    {
        if (info.Format is "wav" or "mp3")
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
            return info.Format == "wav"
                ? await HeaderPromise.OfWavAsync(file, cancellationToken) ?? audio.DurationSeconds
                : await HeaderPromise.OfMp3Async(file, cancellationToken);
        }

        if (!info.Format.Split(',').Any(PromisingFormats.Contains))
            return null;

        // With a film beside it the container's length may be the film's, which promises nothing about the audio.
        return audio.DurationSeconds ?? (info.Video is null ? info.DurationSeconds - Math.Max(0, audio.StartSeconds ?? 0) : null);
    }
}
