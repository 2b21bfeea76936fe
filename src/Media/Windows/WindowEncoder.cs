using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Windows;

/// <summary>
/// Encodes a window's lossless frames to a segment of H.264 that joins its neighbours by copying: every segment starts with an IDR frame,
/// has the same parameter sets, and no B-frames, so that decoding order is showing order and the first frame is at time 0 even when it is
/// the only one. (That costs about a tenth in size at the same quality.) The container is MP4 with its header in front, because MP4 keeps the length of the last frame.
/// </summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed partial class WindowEncoder(FfmpegOptions options)
{
    private const int LongestReport = 64 * 1024;
    private readonly FfmpegProcess _process = new(options);

    /// <summary>
    /// Reads a window as Matroska (any lossless codec that ffmpeg reads, Ut Video is what the engine writes) and writes H.264 yuv420p, BT.709
    /// in the television range, CRF 19, preset medium, 25 frames a second. Same frames, same bytes.
    /// </summary>
    /// <param name="lossless">The window; read to its end, once, and never held whole.</param>
    /// <param name="window">What it has to contain, and what is kept of it.</param>
    /// <param name="segmentMp4">Where to write.</param>
    /// <param name="cancellationToken">Ends ffmpeg; no file is left.</param>
    /// <exception cref="TalkException">
    /// <see cref="ErrorCode.EngineOutputInvalid"/> when the window cannot be decoded, or its frames have another number or size than stated;
    /// <see cref="ErrorCode.DiskFull"/>; <see cref="ErrorCode.ProgramMissing"/>.
    /// </exception>
    public Task EncodeAsync(Stream lossless, WindowFrames window, string segmentMp4, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lossless);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentOutOfRangeException.ThrowIfNegative(window.Skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(window.Keep, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window.Skip + window.Keep, window.Sampled);
        return WholeFiles.WriteAsync(segmentMp4, async temporary =>
        {
            var report = "";
            var outcome = await _process.FfmpegAsync(
                Arguments(window, temporary),
                cancellationToken,
                input: (pipe, token) => Pipes.FeedAsync(lossless, pipe, token),
                output: async (pipe, token) => report = Encoding.UTF8.GetString(await Pipes.ReadAllAsync(pipe, LongestReport, token)));
            Check(outcome, report, window);
        });
    }

    private IEnumerable<string> Arguments(WindowFrames window, string path) =>
    [
        // The last progress report says how many frames were encoded; one more an hour does not drown ffmpeg's messages.
        "-stats_period", "3600", "-progress", "pipe:2",

        // Timestamps are made anew from the rate: Matroska rounds them to milliseconds.
        "-r", "25", "-f", "matroska", "-i", "pipe:0",
        "-filter_complex",
        $"[0:v:0]trim=start_frame={window.Skip}:end_frame={window.Skip + window.Keep},setpts=PTS-STARTPTS," +
        "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=yuv420p[kept]",
        "-map", "[kept]", "-fps_mode", "passthrough",
        "-c:v", "libx264", "-preset", "medium", "-crf", "19", "-bf", "0", "-threads", $"{_process.Options.Threads}",
        "-x264-params", "stitchable=1:open-gop=0",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",

        // Drops the message in which x264 names itself and its settings.
        "-bsf:v", "filter_units=remove_types=6",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart",
        "-f", "mp4", FfmpegProcess.Url(path),

        // The second output is a list of what came in, one line a frame, with the size above it.
        "-map", "0:v:0", "-c", "copy", "-f", "framecrc", "pipe:1",
    ];

    private static void Check(ProcessOutcome outcome, string report, WindowFrames window)
    {
        var lines = report.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var size = lines.FirstOrDefault(line => line.StartsWith("#dimensions 0: ", StringComparison.Ordinal))?["#dimensions 0: ".Length..];
        if (size is not null && size != $"{window.Width}x{window.Height}")
            throw Invalid($"its frames are {size} and not {window.Width}x{window.Height}");
        var sampled = lines.Count(line => line[0] != '#');
        if (sampled != window.Sampled && (outcome.Succeeded || sampled > 0))
            throw Invalid($"it has {sampled} frames and not {window.Sampled}");
        if (Messages(outcome) is [.., var reason])
            throw Invalid(reason);
        var kept = EncodedFrames().Matches(outcome.Errors.Text).LastOrDefault()?.Groups[1].Value;
        if (!outcome.Succeeded || kept is null || int.Parse(kept, CultureInfo.InvariantCulture) != window.Keep)
            throw Invalid($"{kept ?? "no"} frames could be kept of it and not {window.Keep}");
    }

    /// <summary>
    /// What ffmpeg complained of, without its progress reports. Any complaint counts: FFV1 frames that fail their checksum are painted over
    /// with the frame before, and the exit code is still zero.
    /// </summary>
    private static string[] Messages(ProcessOutcome outcome) =>
        [.. outcome.Errors.Lines.Where(line => !ProgressLine().IsMatch(line))];

    private static TalkException Invalid(string reason) =>
        new(ErrorCode.EngineOutputInvalid, $"The engine's window is not what was asked for: {reason}.");

    [GeneratedRegex(@"^frame=\s*(\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex EncodedFrames();

    [GeneratedRegex(@"^[a-z_0-9]+=\S*( *\S*)$")]
    private static partial Regex ProgressLine();
}
