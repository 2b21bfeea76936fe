using System.Text.Json.Nodes;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Tests.Workflows;

/// <summary>The seed's workflow, changed as a caller might.</summary>
internal static class SeedWorkflow
{
    /// <summary>A copy of the file.</summary>
    public static JsonObject Load() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "graphs", "workflow_api_wanvideo.json")))!.AsObject();

    /// <summary>A copy in which one input of a node is another.</summary>
    public static JsonObject With(params (string Node, string Input, JsonNode? Value)[] changes)
    {
        var graph = Load();
        foreach (var (node, input, value) in changes)
            graph[node]!["inputs"]![input] = value;
        return graph;
    }

    public static List<TalkError> Problems(JsonObject graph, params string[] alsoAllowed)
    {
        var problems = new List<TalkError>();
        _ = WorkflowReader.Read(graph.ToJsonString(), alsoAllowed, problems) is { } workflow ? WorkflowPlaces.Find(workflow, problems) : null;
        return problems;
    }

    /// <summary>A checked request with a workflow and inputs that look right.</summary>
    public static TalkRequest? Check(JsonObject graph, out IReadOnlyList<TalkError> problems, TalkDraft? draft = null) => TalkIntake.Check(
        (draft ?? new TalkDraft()) with
        {
            Portrait = new InputFacts("p.png", 100, new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R' }),
            Speech = new InputFacts("s.wav", 100, "RIFF____WAVEfmt "u8.ToArray()),
            Workflow = graph.ToJsonString(),
        },
        TimeProvider.System,
        out problems);

    /// <summary>The plan of a speech of so many samples at 48 kHz.</summary>
    public static TalkPlan Plan(JsonObject graph, long samples)
    {
        var (workflow, places) = Read(graph);
        return WorkflowPlanner.Plan(workflow, places, Check(graph, out _)!, samples);
    }

    /// <summary>The workflow as it is run.</summary>
    public static JsonObject Patch(JsonObject graph, long samples, out TalkPlan plan)
    {
        var (workflow, places) = Read(graph);
        var request = Check(graph, out _)!;
        plan = WorkflowPlanner.Plan(workflow, places, request, samples);
        return WorkflowPatch.Apply(workflow, places, plan, request, new WorkflowFiles("t/p.png", "t/heard.flac", "t/speech.flac", "wantalk/t/a")).Patched.Graph;
    }

    private static (Workflow Workflow, WorkflowPlaces Places) Read(JsonObject graph)
    {
        var workflow = WorkflowReader.Read(graph.ToJsonString(), [], [])!;
        return (workflow, WorkflowPlaces.Find(workflow, [])!);
    }
}
