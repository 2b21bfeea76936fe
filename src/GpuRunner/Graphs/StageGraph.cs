using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace WanTalk.GpuRunner.Graphs;

/// <summary>A stage's graph: an API-format file that a person can open in ComfyUI, and the places in it that are set for each talk.</summary>
internal sealed class StageGraph
{
    private readonly string _json;

    private StageGraph(string name, string json, IEnumerable<GraphPlace> places)
    {
        (Name, _json) = (name, json);
        var graph = Parse();
        foreach (var place in places)
        {
            _ = InputsOf(graph, place);
        }
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>Takes the voice out of a speech.</summary>
    public static StageGraph Separate { get; } = Load("separate.json", GraphPlaces.Audio, GraphPlaces.VocalsPrefix);

    /// <summary>Makes the conditioning of a talk.</summary>
    public static StageGraph Embed { get; } = Load(
        "embed.json", GraphPlaces.Audio, GraphPlaces.Portrait, GraphPlaces.Width, GraphPlaces.Height, GraphPlaces.Prompt, GraphPlaces.NegativePrompt,
        GraphPlaces.AudioScale, GraphPlaces.AudioCfgScale, GraphPlaces.NormalizeLoudness, GraphPlaces.VisibleFrames,
        GraphPlaces.ConditioningPrefix);

    /// <summary>Samples a piece.</summary>
    public static StageGraph Window { get; } = Load(
        "window.json", GraphPlaces.TalkModel, GraphPlaces.Model, GraphPlaces.Precision, GraphPlaces.Attention, GraphPlaces.ModelLora,
        GraphPlaces.Lora, GraphPlaces.BlocksToSwap, GraphPlaces.TiledVae, GraphPlaces.Portrait, GraphPlaces.Width, GraphPlaces.Height, GraphPlaces.SharedFile, GraphPlaces.SharedSha256,
        GraphPlaces.AudioFile, GraphPlaces.AudioSha256, GraphPlaces.Steps, GraphPlaces.Cfg, GraphPlaces.Shift,
        GraphPlaces.Scheduler, GraphPlaces.Seed, GraphPlaces.WindowIndex,
        GraphPlaces.WindowCount, GraphPlaces.CheckpointIn, GraphPlaces.WindowPrefix);

    /// <summary>Reads the graphs, so that one that lacks a place stops the runner when it starts and not in the middle of a talk.</summary>
    /// <exception cref="InvalidDataException">A graph has no such place.</exception>
    public static void CheckAll() => RuntimeHelpers.RunClassConstructor(typeof(StageGraph).TypeHandle);

    /// <summary>A copy of the graph with values set; an input whose value is null is taken out.</summary>
    public JsonObject With(params IReadOnlyCollection<(GraphPlace Place, JsonNode? Value)> values)
    {
        var graph = Parse();
        foreach (var (place, value) in values)
        {
            var inputs = InputsOf(graph, place);
            if (value is null)
            {
                inputs.Remove(place.Input);
            }
            else
            {
                inputs[place.Input] = value;
            }
        }

        return graph;
    }

    private static StageGraph Load(string name, params GraphPlace[] places) =>
        new(name, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "graphs", name)), places);

    private JsonObject Parse() => JsonNode.Parse(_json)!.AsObject();

    private JsonObject InputsOf(JsonObject graph, GraphPlace place) =>
        graph[place.Node]?["inputs"] is JsonObject inputs && inputs.ContainsKey(place.Input)
            ? inputs
            : throw new InvalidDataException($"The graph {Name} has no input '{place.Input}' on node {place.Node}, which is set for each talk.");
}
