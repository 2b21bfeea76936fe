using System.Reflection;
using WanTalk.GpuRunner.Graphs;

namespace WanTalk.GpuRunner.Tests.Graphs;

public sealed class StageGraphSpecs
{
    [Fact]
    public void Every_place_that_is_set_for_a_talk_is_in_a_graph()
    {
        StageGraph[] graphs = [StageGraph.Separate, StageGraph.Embed, StageGraph.Window];
        var places = typeof(GraphPlaces).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (GraphPlace)field.GetValue(null)!);
        Assert.All(places, place => Assert.Contains(graphs, graph => Has(graph, place)));
    }

    [Fact]
    public void A_place_that_a_graph_lacks_is_an_error_that_names_graph_node_and_input()
    {
        foreach (var place in (GraphPlace[])[new("999", "seed"), new("213", "sead"), GraphPlaces.VocalsPrefix])
        {
            var failure = Assert.Throws<InvalidDataException>(() => StageGraph.Window.With((place, 1)));
            Assert.All(["window.json", place.Node, place.Input], word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Setting_values_changes_a_copy_and_nothing_else_in_it()
    {
        var untouched = StageGraph.Window.With();
        var seed = untouched["213"]!["inputs"]!["seed"]!.GetValue<long>();
        var set = StageGraph.Window.With((GraphPlaces.Seed, seed + 1));
        Assert.Equal(seed, StageGraph.Window.With()["213"]!["inputs"]!["seed"]!.GetValue<long>());
        Assert.Equal(seed + 1, set["213"]!["inputs"]!["seed"]!.GetValue<long>());
        set["213"]!["inputs"]!["seed"] = untouched["213"]!["inputs"]!["seed"]!.DeepClone();
        Assert.Equal(untouched.ToJsonString(), set.ToJsonString());
    }

    private static bool Has(StageGraph graph, GraphPlace place) => graph.With()[place.Node]?["inputs"]?.AsObject().ContainsKey(place.Input) == true;
}
