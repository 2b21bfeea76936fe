using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WanTalk.Bench.Reports;
using WanTalk.ComfyUI;

namespace WanTalk.Bench.ComfyUI;

/// <summary>
/// From submitting a prompt that does next to nothing to having its outputs, against an understudy in its own process, and against a client
/// that polls in the same run; and of that, what is ours: from the server's own time of <c>execution_success</c> (whole milliseconds, rounded
/// down, so that the figures are up to 1 ms too high) to the caller's, on the same clock.
/// </summary>
internal static class PromptLatencyBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About =
        "200 prompts of an empty graph on the understudy: from submitting to the outputs in hand, in turns with a client that asks for the history every 250 ms";

    private const int Prompts = 200;
    private const int Polled = 40;
    private const int Warming = 20;
    private const double Limit = 20;

    /// <summary>Tells medians, 95 %, the ratio to polling, and the requests for each prompt.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var engine = await Understudy.StartAsync("--probes", cancellationToken);
        using var client = new ComfyClient(engine.Address);
        using var http = new HttpClient { BaseAddress = engine.Address };
        await MeasureAsync(client, http, Warming, 0, cancellationToken);
        var (behind, whole) = await MeasureAsync(client, http, Prompts, Warming, cancellationToken);
        var polled = await PollAsync(new PollingClient(http), Warming + Prompts, cancellationToken);

        await using var proxy = new CountingProxy(engine.Address);
        using var counted = new ComfyClient(proxy.Address);
        await MeasureAsync(counted, http, Warming, Warming + Prompts + Polled, cancellationToken);

        report.Tell("submit to outputs: median", Median(whole), "ms");
        report.Tell("submit to outputs, polling every 250 ms: median", Median(polled), "ms");
        report.Ratio("submit to outputs, ours to polling: medians", Median(whole) / Median(polled), Goal.AtMost(0.1));
        report.Tell("the server's success to outputs: median", Median(behind), "ms");
        report.Tell("the server's success to outputs: 95 % are below", behind.Order().ElementAt(Prompts * 95 / 100), "ms", Goal.AtMost(Limit));
        report.Tell("requests for each prompt, its socket and submission included", (double)proxy.Requests / Warming, "");
    }

    private static double Median(List<double> some) => some.Order().ElementAt(some.Count / 2);

    private static async Task<List<double>> PollAsync(PollingClient client, int firstSeed, CancellationToken cancellationToken)
    {
        var whole = new List<double>();
        for (var seed = firstSeed; seed < firstSeed + Polled; seed++)
        {
            var begun = Stopwatch.GetTimestamp();
            var outputs = await client.RunPromptAsync(QuickGraph(seed), cancellationToken);
            whole.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            if (!outputs.ContainsKey("11"))
                throw new InvalidOperationException("The polled prompt failed.");
        }

        return whole;
    }

    private static async Task<(List<double> Behind, List<double> Whole)> MeasureAsync(
        ComfyClient client, HttpClient http, int count, int firstSeed, CancellationToken cancellationToken)
    {
        var (behind, whole) = (new List<double>(), new List<double>());
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var begun = Stopwatch.GetTimestamp();
            var outcome = await client.RunPromptAsync(QuickGraph(seed), cancellationToken: cancellationToken);
            var now = DateTimeOffset.UtcNow;
            whole.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            if (!outcome.Outputs.ContainsKey("11"))
                throw new InvalidOperationException($"The prompt failed: {outcome.Failure?.Message}");
            var history = await http.GetFromJsonAsync<JsonObject>($"history/{outcome.PromptId}", cancellationToken);
            var last = history![outcome.PromptId]!["status"]!["messages"]!.AsArray()[^1]!;
            behind.Add((now - DateTimeOffset.UnixEpoch).TotalMilliseconds - (double)last[1]!["timestamp"]!);
        }

        return (behind, whole);
    }

    private static JsonObject QuickGraph(int seed) => new()
    {
        ["10"] = Node("ProbeSleep", new JsonObject { ["steps"] = 1, ["seconds"] = 0.0, ["seed"] = seed, ["mode"] = "progress" }),
        ["11"] = Node("ProbeOut", new JsonObject { ["image"] = new JsonArray("10", 0), ["text"] = $"t{seed}" }),
    };

    private static JsonObject Node(string name, JsonObject inputs) => new() { ["class_type"] = name, ["inputs"] = inputs };
}
