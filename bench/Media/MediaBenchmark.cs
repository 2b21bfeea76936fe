using System.Diagnostics;
using WanTalk.Bench.Reports;
using WanTalk.Bench.Talks;
using WanTalk.Media.Assembly;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Media.Windows;
using WanTalk.Storage.Local;

namespace WanTalk.Bench.Media;

/// <summary>How much our ways of encoding, joining and publishing add to what ffmpeg itself takes, and whether they grow with the video.</summary>
internal static class MediaBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About =
        "a window of 81 frames of 640x640, lossless as an engine writes it, to its segment, against ffmpeg alone on the same raw frames; joining and publishing 1 and 8 minutes";

    private const int Rounds = 5;
    private const int Side = 640;
    private const int Sampled = 81;
    private const int Stride = 72;
    private static readonly FfmpegOptions Ffmpeg = new();

    /// <summary>Tells encoding's speed as a share of ffmpeg's, and what joining and publishing take.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            await EncodeAsync(report, folder, cancellationToken);
            await JoinAsync(report, folder, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task EncodeAsync(Report report, string folder, CancellationToken cancellationToken)
    {
        var (raw, lossless, segment) = (Path.Combine(folder, "raw.rgb"), Path.Combine(folder, "window.mkv"), Path.Combine(folder, "segment.mp4"));
        string[] frames = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{Side}x{Side}", "-r", "25", "-i", raw];
        // The portrait, moving as a whole a little: more to encode than a talk, in which only the head moves.
        await FfmpegAsync(
            ["-loop", "1", "-i", Path.Combine(TalkRun.Samples, "portrait.png"), "-vf", $"scale={Side}:{Side},rotate=0.02*sin(6*t)", "-r", "25",
                "-frames:v", $"{Sampled}", "-pix_fmt", "rgb24", "-f", "rawvideo", raw],
            cancellationToken);
        await FfmpegAsync(
            [.. frames, "-c:v", "utvideo", "-pred", "median", "-slices", "4", "-pix_fmt", "gbrp", "-f", "matroska", lossless],
            cancellationToken);
        var (ours, alone) = (double.MaxValue, double.MaxValue);
        // In turns, and of each the best: what else the machine does only adds.
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await using (var window = File.OpenRead(lossless))
            {
                await new WindowEncoder(Ffmpeg).EncodeAsync(window, new WindowFrames(Side, Side, 0, Sampled), segment, cancellationToken);
            }

            ours = Math.Min(ours, Stopwatch.GetElapsedTime(begun).TotalSeconds);
            begun = Stopwatch.GetTimestamp();
            await FfmpegAsync(
                [.. frames, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "medium", "-crf", "19", "-bf", "0", "-threads", $"{Ffmpeg.Threads}",
                    "-f", "mp4", Path.Combine(folder, "alone.mp4")],
                cancellationToken);
            alone = Math.Min(alone, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        report.Tell("window to segment", ours, "s");
        report.Tell("ffmpeg alone on raw frames", alone, "s");
        report.Ratio("speed of window to segment to ffmpeg's alone", alone / ours, Goal.AtLeast(0.95));
    }

    private static async Task JoinAsync(Report report, string folder, CancellationToken cancellationToken)
    {
        var segment = Path.Combine(folder, "later.mp4");
        await using (var window = File.OpenRead(Path.Combine(folder, "window.mkv")))
        {
            await new WindowEncoder(Ffmpeg).EncodeAsync(window, new WindowFrames(Side, Side, Sampled - Stride, Stride), segment, cancellationToken);
        }

        // Code is compiled, and the collector has its budget.
        await JoinAsync(folder, segment, minutes: 1, cancellationToken);
        var one = await JoinAsync(folder, segment, minutes: 1, cancellationToken);
        var eight = await JoinAsync(folder, segment, minutes: 8, cancellationToken);
        report.Tell("joining and publishing a minute", one.Seconds, "s");
        report.Tell("joining and publishing eight minutes, a minute", eight.Seconds / 8, "s");
        report.Tell("memory of this process, one minute", one.Own / 1e6, "MB");
        report.Ratio("memory of this process, eight minutes to one", (double)eight.Own / one.Own, Goal.AtMost(1.1));
    }

    private static async Task<(double Seconds, long Own)> JoinAsync(string folder, string segment, int minutes, CancellationToken cancellationToken)
    {
        var windows = (minutes * 60 * 25 / Stride) + 1;
        var (frames, video) = ((long)windows * Stride, Path.Combine(folder, "talk.mp4"));
        await FfmpegAsync(
            ["-stream_loop", "-1", "-i", Path.Combine(TalkRun.Samples, "speech.wav"), "-af", $"aresample=48000,atrim=end_sample={frames * 1920}", Path.Combine(folder, "speech.flac")],
            cancellationToken);
        await new AacEncoder(Ffmpeg).EncodeAsync(Path.Combine(folder, "speech.flac"), Path.Combine(folder, "speech.m4a"), cancellationToken);
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        var parts = new TalkParts([.. Enumerable.Repeat(segment, windows)], Path.Combine(folder, "speech.m4a"), frames, frames * 1920);
        await new TalkAssembler(Ffmpeg).AssembleAsync(parts, video, cancellationToken);
        string hash;
        await using (var content = File.OpenRead(video))
        {
            hash = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(content, cancellationToken));
        }

        await new FolderPublisher(Path.Combine(folder, "published"), TimeProvider.System).PublishAsync(
            $"talk/{hash}.mp4", _ => Task.FromResult<Stream>(File.OpenRead(video)), new FileInfo(video).Length, cancellationToken);
        return (Stopwatch.GetElapsedTime(begun).TotalSeconds, Process.GetCurrentProcess().PeakWorkingSet64);
    }

    private static async Task FfmpegAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var ffmpeg = Process.Start("ffmpeg", ["-nostdin", "-y", "-v", "error", .. arguments]);
        await ffmpeg.WaitForExitAsync(cancellationToken);
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException("ffmpeg failed; see above.");
        }
    }
}
