using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI;

namespace WanTalk.Bench.ComfyUI;

/// <summary>
/// From the server finishing a prompt to the caller having its outputs, on loopback, against an understudy in its own process, and how many
/// requests that takes: the server's own time of <c>execution_success</c> (whole milliseconds, rounded down, so that the figures are up to
/// 1 ms too high) against the caller's, on the same clock.
/// </summary>
internal static class PromptLatencyBenchmark
{
    private const int Prompts = 200;
    private const int Warming = 20;
    private const double Limit = 20;

    /// <summary>Runs quick prompts one after the other and prints median, 95 %, most, and the requests for each prompt.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var engine = await Understudy.StartAsync("--probes", cancellationToken);
        using var client = new ComfyClient(engine.Address);
        using var http = new HttpClient { BaseAddress = engine.Address };
        await MeasureAsync(client, http, Warming, 0, cancellationToken);
        var latencies = await MeasureAsync(client, http, Prompts, Warming, cancellationToken);
        latencies.Sort();

        await using var proxy = new CountingProxy(engine.Address);
        using var counted = new ComfyClient(proxy.Address);
        await MeasureAsync(counted, http, Warming, Warming + Prompts, cancellationToken);

        var (median, most) = (latencies[Prompts / 2], latencies[Prompts * 95 / 100]);
        Console.WriteLine($"prompt latency: {Prompts} quick prompts, from the server's success to the caller's outputs");
        Console.WriteLine($"  median {median:0.0} ms, 95 % {most:0.0} ms, most {latencies[^1]:0.0} ms (limit {Limit:0} ms at 95 %)");
        Console.WriteLine($"  requests for each prompt, its socket and submission included: {(double)proxy.Requests / Warming:0.00}");
        if (most >= Limit)
            throw new InvalidOperationException($"The caller waits {most:0.0} ms for its outputs.");
    }

    private static async Task<List<double>> MeasureAsync(
        ComfyClient client, HttpClient http, int count, int firstSeed, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var outcome = await client.RunPromptAsync(QuickGraph(seed), cancellationToken: cancellationToken);
            var now = DateTimeOffset.UtcNow;
            if (!outcome.Outputs.ContainsKey("11"))
                throw new InvalidOperationException($"The prompt failed: {outcome.Failure?.Message}");
            var history = await http.GetFromJsonAsync<JsonObject>($"history/{outcome.PromptId}", cancellationToken);
            var last = history![outcome.PromptId]!["status"]!["messages"]!.AsArray()[^1]!;
            latencies.Add((now - DateTimeOffset.UnixEpoch).TotalMilliseconds - (double)last[1]!["timestamp"]!);
        }

        return latencies;
    }

    private static JsonObject QuickGraph(int seed) => new()
    {
        ["10"] = Node("ProbeSleep", new JsonObject { ["steps"] = 1, ["seconds"] = 0.0, ["seed"] = seed, ["mode"] = "progress" }),
        ["11"] = Node("ProbeOut", new JsonObject { ["image"] = new JsonArray("10", 0), ["text"] = $"t{seed}" }),
    };

    private static JsonObject Node(string name, JsonObject inputs) => new() { ["class_type"] = name, ["inputs"] = inputs };
}
