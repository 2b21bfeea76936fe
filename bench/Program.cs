using WanTalk.Bench.ComfyUI;
using WanTalk.Bench.Lanes;
using WanTalk.Bench.Talks;

// Each benchmark prints its own lines; ratios are taken from one run on one machine, so that they mean something on any.
var benchmarks = new Dictionary<string, Func<CancellationToken, Task>>(StringComparer.Ordinal)
{
    ["talk"] = TalkBenchmark.RunAsync,
    ["overlap"] = OverlapBenchmark.RunAsync,
    ["stream"] = StreamBenchmark.RunAsync,
    ["windows"] = LongTalkBenchmark.RunAsync,
    ["roundtrip"] = RoundTripBenchmark.RunAsync,
    ["orchestration"] = OrchestrationBenchmark.RunAsync,
    ["intake"] = IntakeBenchmark.RunAsync,
    ["prompt"] = PromptLatencyBenchmark.RunAsync,
};
var chosen = args.Length > 0 ? args : [.. benchmarks.Keys];
foreach (var name in chosen)
{
    if (!benchmarks.TryGetValue(name, out var run))
    {
        await Console.Error.WriteLineAsync($"There is no benchmark '{name}'. There are: {string.Join(", ", benchmarks.Keys)}.");
        return 2;
    }

    await run(CancellationToken.None);
}

return 0;
