using System.Net.Http.Json;
using WanTalk.Bench.ComfyUI;
using WanTalk.Bench.Reports;

namespace WanTalk.Bench.Talks;

/// <summary>
/// How long after a window's commit its segments can be played, with a GPU that is simulated: every window lasts two seconds, and all else is
/// real. Times are those at which the files were written.
/// </summary>
internal static class StreamBenchmark
{
    private const int Windows = 8;
    private const double WindowSeconds = 2;
    private const double FramesPerSecond = 25;
    private const int Stride = 72;
    private const double Limit = 1;

    /// <summary>What is measured.</summary>
    public const string About =
        "a talk of 8 windows of 256x256, the understudy taking 2 s for each, with a stream and without: when windows can be played after their commit, in a folder";

    /// <summary>Runs a talk with a stream and one without, and tells both.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            var speech = await TalkRun.SpeakAsync(folder, Windows * Stride / FramesPerSecond, cancellationToken);
            var plain = await RunAsync(folder, speech, [], cancellationToken);
            var streamed = await RunAsync(folder, speech, ["--stream"], cancellationToken);
            Tell(report, Path.Combine(TalkRun.HomeIn(folder), "artifacts", "talks", streamed.Id), streamed, plain);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<TalkRun> RunAsync(string folder, string speech, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        await using var engine = await Understudy.StartAsync("--faults", cancellationToken);
        using var http = new HttpClient { BaseAddress = engine.Address };
        var slow = new { kind = "slow_window", seconds = WindowSeconds, count = Windows };
        using var armed = await http.PostAsJsonAsync("understudy/faults", slow, cancellationToken);
        armed.EnsureSuccessStatusCode();
        return await TalkRun.StartAsync(
            folder, speech, ["--comfyui", $"{engine.Address}", "--width", "256", "--height", "256", .. options], cloud: null, cancellationToken);
    }

    private static void Tell(Report report, string talk, TalkRun streamed, TalkRun plain)
    {
        DateTime CommittedAt(int window) => File.GetLastWriteTimeUtc(Path.Combine(talk, "take-00", $"{window:0000}.json"));
        var first = (File.GetLastWriteTimeUtc(Path.Combine(talk, "hls", "stream.json")) - CommittedAt(0)).TotalSeconds;
        var lags = Enumerable.Range(0, streamed.Windows)
            .Select(window => File.GetLastWriteTimeUtc(Path.Combine(talk, "hls", "segments", $"00-{window:0000}.json")) - CommittedAt(window))
            .Select(lag => lag.TotalSeconds).Order().ToList();
        report.Tell("from the first window's commit to the first second that can be played", first, "s", Goal.AtMost(Limit));
        report.Tell("from a window's commit to its segments, median", lags[lags.Count / 2], "s");
        report.Tell("from a window's commit to its segments, most", lags[^1], "s");
        report.Tell("the sample stage with a stream to the one without", streamed.Stages["sample"] / plain.Stages["sample"], "ratio");
    }
}
