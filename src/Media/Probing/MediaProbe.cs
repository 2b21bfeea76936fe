using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Probing;

/// <summary>Asks ffprobe what is in a file.</summary>
/// <param name="options">How ffprobe is run.</param>
public sealed class MediaProbe(FfmpegOptions options)
{
    private const int LongestAnswer = 8 * 1024 * 1024;
    private readonly FfmpegProcess _process = new(options);

    /// <summary>Probes a file that WanTalk wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends ffprobe.</param>
    /// <param name="countPackets">Reads the file to its end to count packets.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.Internal"/> when it cannot be read, <see cref="ErrorCode.ProgramMissing"/>.</exception>
    public async Task<MediaInfo> ProbeAsync(string path, CancellationToken cancellationToken, bool countPackets = false)
    {
        var (info, reason) = await TryProbeAsync(path, countPackets ? ["-count_packets"] : [], cancellationToken);
        return info ?? throw new TalkException(ErrorCode.Internal, $"'{Path.GetFileName(path)}' cannot be read as media ({reason}).");
    }

    /// <summary>Probes a file of unknown origin; null and ffprobe's reason when it cannot be read.</summary>
    internal async Task<(MediaInfo? Info, string Reason)> TryProbeAsync(
        string path, IEnumerable<string> inputOptions, CancellationToken cancellationToken)
    {
        byte[] json = [];
        var outcome = await _process.FfprobeAsync(
            [.. inputOptions, "-show_format", "-show_streams", "-of", "json", "-i", FfmpegProcess.Url(path)],
            async (output, token) => json = await Pipes.ReadAllAsync(output, LongestAnswer, token),
            cancellationToken);
        return outcome.Succeeded ? (CoreJson.FromBytes<FfprobeReport>(json).ToInfo(), "") : (null, outcome.Errors.LastLine);
    }
}
