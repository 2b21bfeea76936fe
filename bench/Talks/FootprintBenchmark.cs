using System.Text.Json;
using WanTalk.Bench.Reports;

namespace WanTalk.Bench.Talks;

/// <summary>Whether a long talk needs more memory or disk than a short one, or more time for a window.</summary>
internal static class FootprintBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About = "the most memory and scratch of runner and understudy in talks of 4 and of 400 windows of 128x128, one after the other on one server";

    private const int Few = 4;
    private const int FirstPiece = 4;
    private const int Many = 400;
    private const double Stride = 72 / 25.0;
    private const int Side = 128;
    private const double Limit = 1.1;
    private const double WindowBytes = 81.0 * Side * Side * 3;
    private const double MostOfAWindow = 0.1;

    /// <summary>Windows after which code is compiled and heaps have the size that they keep.</summary>
    private const int Warming = 24;

    /// <summary>
    /// Left to itself the collector lets garbage lie until a budget is used up that depends on the machine, tens of megabytes that a talk of
    /// four windows does not fill. When young objects are collected often, what is left is what is needed.
    /// </summary>
    private static readonly Dictionary<string, string> Collected = new()
    {
        ["DOTNET_GCgen0size"] = "0x100000",
        ["DOTNET_GCConserveMemory"] = "9",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    /// <summary>Runs both talks and tells ratios of the long one's to the short one's.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var server = await ServedHome.StartAsync(Collected, cancellationToken);
        await MeasureAsync(server, Warming, cancellationToken);
        var (few, many) = (await MeasureAsync(server, Few, cancellationToken), await MeasureAsync(server, Many, cancellationToken));
        var (least, most) = (few.Memory["WanTalk.GpuRunner"], many.Memory["WanTalk.GpuRunner"]);
        Tell(report, "memory of the runner", least, most);
        report.Ratio($"memory of the runner, {Many} windows to {Few}", (double)most / least, Goal.AtMost(Limit));
        Tell(report, "memory of the understudy", few.Memory["WanTalk.Understudy"], many.Memory["WanTalk.Understudy"]);
        Tell(report, "scratch of the runner while it samples", few.Sampling, many.Sampling);
        // A segment of some kilobytes lies there for a moment, so that a ratio of both would be chance: it is held against what must not lie there.
        report.Ratio($"the same, {Many} windows to one window's frames as they are", many.Sampling / WindowBytes, Goal.AtMost(MostOfAWindow));
        // The speech and the joined video lie there as files, once each and never in memory; the engine is given the speech as a file, too.
        Tell(report, "scratch of the runner, all stages", few.Scratch, many.Scratch);
        Tell(report, "scratch of the engine, all stages", few.Engine, many.Engine);
        report.Tell($"sampling, a window in the talk of {Many}", many.WindowSeconds, "s");
        report.Tell($"sampling, a window in the talk of {Many} to one in the talk of {Few}", many.WindowSeconds / few.WindowSeconds, "ratio");
    }

    private static void Tell(Report report, string what, long few, long many)
    {
        report.Tell($"{what}, {Few} windows", few / 1e6, "MB");
        report.Tell($"{what}, {Many} windows", many / 1e6, "MB");
    }

    private static async Task<Footprint> MeasureAsync(ServedHome server, int windows, CancellationToken cancellationToken)
    {
        var speech = await TalkRun.SpeakAsync(Path.GetDirectoryName(server.Home)!, windows * Stride, cancellationToken);
        var memory = new ProcessPeaks(server.Home);
        memory.Forget();
        await using var scratch = new FolderPeak(Path.Combine(server.Home, "scratch"));
        await using var engine = new FolderPeak(Path.Combine(server.Home, "engine"));
        // At its edges sampling may find what the stages before and behind it have there; the first piece is of four windows, and before the
        // second its audio is there, as long as it takes to send it: five minutes of a GPU, which are nearly the whole talk here.
        var talk = await server.TalkAsync(
            Side, speech,
            now => scratch.Counts = now.GetProperty("windows_done").GetInt32() is > 0 and not FirstPiece and var done && done < windows - 1,
            cancellationToken);
        if (talk.GetProperty("windows_planned").GetInt32() is var made && made != windows)
        {
            throw new InvalidOperationException($"The talk has {made} windows, and not {windows}.");
        }

        return new Footprint(memory.Read(), scratch.Counted, scratch.Bytes, engine.Bytes, SampleSeconds(talk) / windows);
    }

    private static double SampleSeconds(JsonElement talk) => talk.GetProperty("stage_seconds").GetProperty("sample").GetDouble();

    /// <summary>What a talk needed at most, in bytes, and how long a window took.</summary>
    private sealed record Footprint(IReadOnlyDictionary<string, long> Memory, long Sampling, long Scratch, long Engine, double WindowSeconds);
}
