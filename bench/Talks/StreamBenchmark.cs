using System.Globalization;
using System.Net.Http.Json;
using WanTalk.Bench.ComfyUI;

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

    /// <summary>Runs a talk with a stream and one without, and prints both.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            var speech = await TalkRun.SpeakAsync(folder, Windows * Stride / FramesPerSecond, cancellationToken);
            var plain = await RunAsync(folder, speech, [], cancellationToken);
            var streamed = await RunAsync(folder, speech, ["--stream"], cancellationToken);
            Print(streamed, plain);
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
        return await TalkRun.StartAsync(folder, speech, ["--comfyui", $"{engine.Address}", "--width", "256", "--height", "256", .. options], cancellationToken);
    }

    private static void Print(TalkRun run, TalkRun plain)
    {
        var stream = Path.Combine(run.Take, "..", "hls");
        var first = (File.GetLastWriteTimeUtc(Path.Combine(stream, "stream.json")) - CommittedAt(run, 0)).TotalSeconds;
        var later = Enumerable.Range(0, run.Windows)
            .Select(window => File.GetLastWriteTimeUtc(Path.Combine(stream, "segments", $"00-{window:0000}.json")) - CommittedAt(run, window))
            .Select(lag => lag.TotalSeconds).Order().ToList();
        Console.WriteLine($"stream: {run.Windows} windows of 256x256 and {WindowSeconds:0} s each, local storage");
        Console.WriteLine(Text($"  first playable {first:0.000} s after the first window's commit (goal {Limit:0} s)"));
        Console.WriteLine(Text($"  a window's segments {later[later.Count / 2]:0.000} s after its commit, at most {later[^1]:0.000} s"));
        Console.WriteLine(Text($"  sampling's stage {run.Stages["sample"]:0.00} s, without a stream {plain.Stages["sample"]:0.00} s: ratio {run.Stages["sample"] / plain.Stages["sample"]:0.000}"));
        if (first > Limit)
            throw new InvalidOperationException(Text($"The first second could be played {first:0.000} s after its commit."));
    }

    private static DateTime CommittedAt(TalkRun run, int window) => File.GetLastWriteTimeUtc(Path.Combine(run.Take, $"{window:0000}.json"));

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
