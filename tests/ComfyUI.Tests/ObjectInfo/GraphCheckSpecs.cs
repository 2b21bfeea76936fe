using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Tests.ObjectInfo;

/// <summary>Graphs against what the real server said of its node classes.</summary>
public sealed class GraphCheckSpecs
{
    private static readonly NodeClasses Recorded = NodeClasses.Read(Parse("recordings/object_info.json"));

    [Theory]
    [InlineData("separate.json")]
    [InlineData("embed.json")]
    [InlineData("window.json")]
    [InlineData("workflow_api_wanvideo.json")]
    public void A_graph_of_ours_lacks_nothing_on_the_recorded_server_but_its_models_and_our_pack(string graph)
    {
        var problems = GraphCheck.Check(Parse($"graphs/{graph}"), Recorded);

        Assert.All(problems, problem => Assert.True(
            problem.Kind == GraphProblemKind.MissingModel
            || (problem.Kind == GraphProblemKind.MissingClass && problem.NodeClass.StartsWith("WanTalk", StringComparison.Ordinal)),
            problem.Message));
    }

    [Fact]
    public void Every_model_file_that_is_not_listed_is_named()
    {
        var missing = GraphCheck.Check(Parse("graphs/workflow_api_wanvideo.json"), Recorded)
            .Where(problem => problem.Kind == GraphProblemKind.MissingModel)
            .ToDictionary(problem => problem.NodeClass, problem => problem.Message);

        Assert.Equal(
            ["CLIPVisionLoader", "LoadWanVideoT5TextEncoder", "MultiTalkModelLoader", "WanVideoLoraSelect", "WanVideoModelLoader", "WanVideoVAELoader"],
            missing.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("wan2.1-i2v-14b-480p-Q5_0.gguf", missing["WanVideoModelLoader"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("213", "steps", "0", GraphProblemKind.WrongValue)]
    [InlineData("213", "cfg", "\"much\"", GraphProblemKind.WrongValue)]
    [InlineData("213", "scheduler", "\"ddim\"", GraphProblemKind.WrongValue)]
    [InlineData("134", "blocks_to_swap", "49", GraphProblemKind.WrongValue)]
    [InlineData("213", "model", "[\"133\", 0]", GraphProblemKind.WrongType)]
    [InlineData("213", "model", "[\"999\", 0]", GraphProblemKind.Malformed)]
    [InlineData("213", "model", "[\"122\", 3]", GraphProblemKind.Malformed)]
    [InlineData("213", "model", "[\"122\"]", GraphProblemKind.Malformed)]
    [InlineData("213", "shift", null, GraphProblemKind.MissingInput)]
    public void A_fault_is_told_with_its_node_and_input(string node, string input, string? value, GraphProblemKind kind)
    {
        var graph = Parse("graphs/workflow_api_wanvideo.json");
        var inputs = graph[node]!["inputs"]!.AsObject();
        inputs.Remove(input);
        if (value is not null)
            inputs[input] = JsonNode.Parse(value);

        var problem = Assert.Single(GraphCheck.Check(graph, Recorded), problem => problem.Kind != GraphProblemKind.MissingModel);

        Assert.Equal((kind, node, input), (problem.Kind, problem.NodeId, problem.Input));
        Assert.All([node, input], word => Assert.Contains(word, problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void What_no_output_needs_may_be_wrong_but_not_unknown()
    {
        var graph = Parse("graphs/workflow_api_wanvideo.json");
        graph["900"] = JsonNode.Parse("""{"class_type":"INTConstant","inputs":{"value":"junk"}}""");
        graph["901"] = JsonNode.Parse("""{"class_type":"NoSuchNode","inputs":{}}""");

        var problem = Assert.Single(GraphCheck.Check(graph, Recorded), problem => problem.Kind != GraphProblemKind.MissingModel);

        Assert.Equal((GraphProblemKind.MissingClass, "901"), (problem.Kind, problem.NodeId));
    }

    [Theory]
    [InlineData("{}", GraphProblemKind.NoOutput)]
    [InlineData("""{"1":{"class_type":"INTConstant","inputs":{"value":1}}}""", GraphProblemKind.NoOutput)]
    [InlineData("""{"1":{"inputs":{}}}""", GraphProblemKind.Malformed)]
    [InlineData("""{"1":7}""", GraphProblemKind.Malformed)]
    public void What_is_no_graph_is_told_so(string graph, GraphProblemKind kind) =>
        Assert.Equal(kind, Assert.Single(GraphCheck.Check(JsonNode.Parse(graph)!.AsObject(), Recorded)).Kind);

    private static JsonObject Parse(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)))!.AsObject();
}
