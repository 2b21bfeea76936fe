using WanTalk.Bench.ComfyUI;
using WanTalk.Bench.Fleet;
using WanTalk.Bench.Lanes;
using WanTalk.Bench.Media;
using WanTalk.Bench.Reports;
using WanTalk.Bench.Talks;

// Ratios are taken from one run on one machine, so that they mean something on any.
Benchmark[] benchmarks =
[
    new("talk", TalkBenchmark.About, TalkBenchmark.RunAsync),
    new("understudy", UnderstudyBenchmark.About, UnderstudyBenchmark.RunAsync),
    new("overlap", OverlapBenchmark.About, OverlapBenchmark.RunAsync),
    new("stream", StreamBenchmark.About, StreamBenchmark.RunAsync),
    new("windows", FootprintBenchmark.About, FootprintBenchmark.RunAsync),
    new("roundtrip", RoundTripBenchmark.About, RoundTripBenchmark.RunAsync),
    new("orchestration", OrchestrationBenchmark.About, OrchestrationBenchmark.RunAsync),
    new("intake", IntakeBenchmark.About, IntakeBenchmark.RunAsync),
    new("takes", TakesBenchmark.About, TakesBenchmark.RunAsync),
    new("fleet", FleetBenchmark.About, FleetBenchmark.RunAsync),
    new("media", MediaBenchmark.About, MediaBenchmark.RunAsync),
    new("prompt", PromptLatencyBenchmark.About, PromptLatencyBenchmark.RunAsync),
];
var unknown = args.Except(benchmarks.Select(benchmark => benchmark.Name)).ToList();
if (unknown.Count > 0)
{
    await Console.Error.WriteLineAsync(
        $"There is no benchmark '{unknown[0]}'. There are: {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 2;
}

// Beside the build: .../artifacts/bin/Bench/release/ is where this program lies.
var results = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../bench"));
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
var missed = new List<string>();
foreach (var benchmark in benchmarks.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
{
    var report = new Report(benchmark.Name, benchmark.About);
    report.Begin();
    await benchmark.RunAsync(report, interrupted.Token);
    await report.WriteAsync(results, interrupted.Token);
    if (!report.MeetsItsGoals)
    {
        missed.Add(benchmark.Name);
    }
}

Console.WriteLine(missed.Count == 0 ? $"written to {results}" : $"written to {results}; goals were missed by {string.Join(", ", missed)}");
return missed.Count == 0 ? 0 : 1;

/// <summary>A benchmark that can be chosen by its name.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="About">What it measures, and on what.</param>
/// <param name="RunAsync">Measures, and tells the report.</param>
internal sealed record Benchmark(string Name, string About, Func<Report, CancellationToken, Task> RunAsync);
