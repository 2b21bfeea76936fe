using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Graphs;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// Looks whether an engine can do what talks need, and names all that it lacks: our node pack, the wrapper's replaceable loop, node
/// classes, model files. What it found is believed for a while, since object_info of a full engine is several megabytes.
/// </summary>
internal sealed class EngineReadiness(RunnerOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private (Uri Address, EngineFacts Facts, long At)? _known;

    /// <summary>What is known of an engine, asked anew when it was not asked for a while.</summary>
    /// <exception cref="ComfyException">It does not answer as a ComfyUI does.</exception>
    public async Task<EngineFacts> AskAsync(ComfyClient client, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_known is { } known && known.Address == client.Address
                && time.GetElapsedTime(known.At).TotalSeconds < options.EngineFactsSeconds)
            {
                return known.Facts;
            }
        }

        var facts = await EngineFacts.AskAsync(client, cancellationToken);
        lock (_gate)
        {
            _known = (client.Address, facts, time.GetTimestamp());
        }

        return facts;
    }

    /// <summary>Has the engine asked anew the next time: it may have been repaired.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _known = null;
        }
    }

    /// <summary>What an engine lacks for staged talks with some presets, one sentence each; empty when it is ready.</summary>
    public static IReadOnlyList<string> Examine(EngineFacts facts, IEnumerable<SamplingPreset> presets)
    {
        var problems = PackProblems(facts.Pack).ToList();
        var graphs = presets
            .Select(SamplingPresets.Of)
            .Select(settings => StageGraph.Window.With([.. SamplingPlaces.ForWindow(settings, WindowSettings.Of(settings, facts.VramTotal))]))
            .Prepend(StageGraph.Embed.With())
            .Prepend(StageGraph.Separate.With());
        problems.AddRange(graphs.SelectMany(graph => GraphCheck.Check(graph, facts.Classes)).Select(problem => problem.Message).Distinct());
        return problems;
    }

    /// <summary>Refuses a graph that the engine would not take whole, before anything is uploaded for it.</summary>
    /// <exception cref="TalkException">The engine lacks something, or the graph is wrong.</exception>
    public void Demand(EngineFacts facts, JsonObject graph, Uri address)
    {
        var problems = GraphCheck.Check(graph, facts.Classes);
        if (problems.Count == 0)
        {
            return;
        }

        Forget();
        var lacking = problems.Where(problem => problem.Kind is GraphProblemKind.MissingClass or GraphProblemKind.MissingModel).ToList();
        throw lacking.Count > 0
            ? NotReady(address, lacking.Select(problem => problem.Message))
            : new TalkException(ErrorCode.EngineRefused, $"The engine at {address} would refuse the graph: {Join(problems.Select(problem => problem.Message))}");
    }

    /// <summary>The error of an engine that lacks something.</summary>
    public static TalkException NotReady(Uri address, IEnumerable<string> problems) => new(
        ErrorCode.EngineNotReady, $"The engine at {address} is not ready. {Join(problems)} Install what is missing there and restart it.");

    /// <summary>What our node pack lacks or says that it lacks.</summary>
    public static IEnumerable<string> PackProblems(WanTalkInfo? pack)
    {
        if (pack is null)
        {
            yield return "WanTalk's node pack is missing (src/GpuRunner/engine/custom_nodes/wantalk goes into ComfyUI's custom_nodes).";
            yield break;
        }

        if (!pack.LoopReplaceable)
        {
            yield return "ComfyUI-WanVideoWrapper has no replaceable window loop; it needs 20942b8 of 2025-12-26 or later.";
        }

        foreach (var problem in pack.Problems)
        {
            yield return problem;
        }
    }

    private static string Join(IEnumerable<string> sentences) => string.Join(' ', sentences.Distinct());
}
