using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WanTalk.Bench.Reports;
using WanTalk.ComfyUI;

namespace WanTalk.Bench.ComfyUI;

/// <summary>
/// What a client adds to a prompt: from submitting it to having its outputs, less the server's own time between <c>execution_start</c> and
/// <c>execution_success</c>. Against it a client that polls, in turns. Prompts sleep for a while, drawn from a seed, so that their ends fall
/// anywhere between two looks; one that is over before the first look tells nothing, since then nobody waits.
/// </summary>
internal static class PromptLatencyBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About =
        "prompts on the understudy that sleep 0.1 to 0.6 s, and empty ones: what a client adds from submitting to the outputs in hand, in turns with one that asks for the history every 250 ms";

    private const int Prompts = 60;
    private const int Empty = 200;
    private const int Warming = 20;
    private const int Seed = 20261130;
    private const double ShortestSeconds = 0.1;
    private const double SpreadSeconds = 0.5;
    private const double Limit = 20;

    /// <summary>Tells medians, 95 %, the ratio to polling, and the requests for each prompt.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var engine = await Understudy.StartAsync("--probes", cancellationToken);
        using var client = new ComfyClient(engine.Address);
        using var http = new HttpClient { BaseAddress = engine.Address };
        var polling = new PollingClient(http);
        var run = new Run(http, cancellationToken);
        await run.MeasureAsync(client, 0, Warming);
        await run.MeasureAsync(polling, 0, Warming);

        var (ours, polled, random) = (new List<double>(), new List<double>(), new Random(Seed));
        for (var prompt = 0; prompt < Prompts; prompt++)
        {
            var seconds = ShortestSeconds + (SpreadSeconds * random.NextDouble());
            ours.AddRange(await run.MeasureAsync(client, seconds, 1));
            polled.AddRange(await run.MeasureAsync(polling, seconds, 1));
        }

        report.Tell("added to a prompt: median", Median(ours), "ms");
        report.Tell("added to a prompt: 95 % are below", ours.Order().ElementAt(Prompts * 95 / 100), "ms", Goal.AtMost(Limit));
        report.Tell("added to a prompt, polling every 250 ms: median", Median(polled), "ms");
        report.Ratio("added to a prompt, ours to polling: medians", Median(ours) / Median(polled), Goal.AtMost(0.1));
        report.Tell("added to an empty prompt: median", Median(await run.MeasureAsync(client, 0, Empty)), "ms");
        report.Tell("added to an empty prompt, polling (it is over at the first look): median", Median(await run.MeasureAsync(polling, 0, Empty)), "ms");

        await using var proxy = new CountingProxy(engine.Address);
        using var counted = new ComfyClient(proxy.Address);
        await run.MeasureAsync(counted, 0, Warming);
        report.Tell("requests for each prompt, its socket and submission included", (double)proxy.Requests / Warming, "");
    }

    private static double Median(List<double> some) => some.Order().ElementAt(some.Count / 2);

    /// <summary>Prompts of one run, each with a seed of its own, so that the engine has none of them in its cache.</summary>
    private sealed class Run(HttpClient http, CancellationToken cancellationToken)
    {
        private int _seed;

        public Task<List<double>> MeasureAsync(ComfyClient client, double seconds, int prompts) => MeasureAsync(prompts, async () =>
        {
            var outcome = await client.RunPromptAsync(GraphOf(seconds), cancellationToken: cancellationToken);
            return (outcome.PromptId, outcome.Outputs.ContainsKey("11"));
        });

        public Task<List<double>> MeasureAsync(PollingClient client, double seconds, int prompts) => MeasureAsync(prompts, async () =>
        {
            var (id, outputs) = await client.RunPromptAsync(GraphOf(seconds), cancellationToken);
            return (id, outputs.ContainsKey("11"));
        });

        /// <summary>What the client added to each prompt, in milliseconds.</summary>
        private async Task<List<double>> MeasureAsync(int prompts, Func<Task<(string Id, bool IsComplete)>> runAsync)
        {
            var added = new List<double>();
            for (var prompt = 0; prompt < prompts; prompt++)
            {
                var begun = Stopwatch.GetTimestamp();
                var (id, isComplete) = await runAsync();
                var whole = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                if (!isComplete)
                {
                    throw new InvalidOperationException("A prompt has no outputs.");
                }

                added.Add(whole - await ServerTimeAsync(id));
            }

            return added;
        }

        /// <summary>The server's own time for a prompt, in whole milliseconds.</summary>
        private async Task<double> ServerTimeAsync(string id)
        {
            var history = await http.GetFromJsonAsync<JsonObject>($"history/{id}", cancellationToken);
            var messages = history![id]!["status"]!["messages"]!.AsArray();
            double At(string name) => (double)messages.First(message => (string?)message![0] == name)![1]!["timestamp"]!;
            return At("execution_success") - At("execution_start");
        }

        private JsonObject GraphOf(double seconds) => new()
        {
            ["10"] = Node("ProbeSleep", new JsonObject { ["steps"] = 1, ["seconds"] = seconds, ["seed"] = ++_seed, ["mode"] = "progress" }),
            ["11"] = Node("ProbeOut", new JsonObject { ["image"] = new JsonArray("10", 0), ["text"] = $"t{_seed}" }),
        };
    }

    private static JsonObject Node(string name, JsonObject inputs) => new() { ["class_type"] = name, ["inputs"] = inputs };
}
