using System.Globalization;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Sampling;

/// <summary>What runner and engine need of memory and of disk does not grow with the talk.</summary>
public sealed class FootprintSpecs : IDisposable
{
    private const int Few = 4;
    private const int Many = 48;
    private const int PieceWindows = 4;

    /// <summary>Windows after which code is compiled and heaps have the size that they keep.</summary>
    private const int Warming = 24;
    private const double Tolerance = 1.1;

    /// <summary>Files of a few kilobytes may differ by as much.</summary>
    private const int Grain = 1 << 16;

    /// <summary>
    /// Left to itself the collector lets garbage lie until a budget is used up that depends on the machine, tens of megabytes that a talk of
    /// four windows does not fill. With a limit, and young objects collected often, what is left is what is needed.
    /// </summary>
    private static readonly Dictionary<string, string> Collected = new()
    {
        ["DOTNET_GCHeapHardLimit"] = "0x3800000",
        ["DOTNET_GCgen0size"] = "0x100000",
        ["DOTNET_GCConserveMemory"] = "9",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-footprint-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Forty_eight_windows_need_no_more_memory_and_no_more_disk_than_four()
    {
        await using var runner = RunnerProcess.Start(_folder.FullName, Collected);
        await TalkAsync(runner, Warming);
        var (few, many) = (await TalkAsync(runner, Few), await TalkAsync(runner, Many));
        TestContext.Current.TestOutputHelper!.WriteLine($"{Few} windows: {few}\n{Many} windows: {many}");

        Assert.InRange(many.RunnerMemory, 0, Tolerance * few.RunnerMemory);
        Assert.InRange(many.EngineMemory, 0, Tolerance * few.EngineMemory);

        // How many windows of a piece lie on the engine at once is a matter of who is faster. No more than the piece has may be there.
        Assert.InRange(many.RunnerDisk.Most, 0, (Tolerance * few.RunnerDisk.Made) + Grain);
        Assert.InRange(many.EngineDisk.Most, 0, (Tolerance * few.EngineDisk.Made) + Grain);
    }

    /// <summary>Makes a talk of 64x64 and measures: memory over the whole talk, disk while it is sampled.</summary>
    private async Task<Footprint> TalkAsync(RunnerProcess runner, int windows)
    {
        var talk = await SampledTalk.CreateAsync(
            _folder.FullName, (double)windows * WindowArithmetic.StrideFrames / WindowArithmetic.FramesPerSecond, new FrameSize(64, 64));
        foreach (var stage in (Stage[])[Stage.Prepare, Stage.Plan, Stage.Separate])
        {
            await runner.DoAsync(talk, stage);
        }

        var programs = runner.Programs();
        foreach (var program in programs.Values)
        {
            // Has the kernel forget the peak (proc_pid_clear_refs).
            await File.WriteAllTextAsync($"/proc/{program}/clear_refs", "5", SampledTalk.Cancellation);
        }

        await runner.DoAsync(talk, Stage.Embed);
        Assert.Equal(windows, (await talk.PlanAsync()).Windows);
        var home = new HomeLayout(_folder.FullName);
        var (ofRunner, ofEngine) = (new DiskUse(home.Scratch), new DiskUse(home.Engine));
        for (var next = 0; next < windows; next += PieceWindows)
        {
            await runner.DoAsync(talk, Stage.Sample, new Piece(0, next, PieceWindows), () =>
            {
                ofRunner.Look();
                ofEngine.Look();
            });
        }

        await runner.DoAsync(talk, Stage.Assemble);
        return new Footprint(PeakOf(programs["WanTalk.GpuRunner"]), PeakOf(programs["WanTalk.Understudy"]), ofRunner, ofEngine);
    }

    /// <summary>The most memory that a process had, in bytes.</summary>
    private static long PeakOf(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..^2], CultureInfo.InvariantCulture);

    private sealed record Footprint(long RunnerMemory, long EngineMemory, DiskUse RunnerDisk, DiskUse EngineDisk)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"memory of the runner {Mega(RunnerMemory)}, of the engine {Mega(EngineMemory)}; disk {Mega(RunnerDisk.Most)} and {Mega(EngineDisk.Most)} at most");

        private static string Mega(long bytes) => $"{bytes / 1e6:0.00} MB";
    }
}
