using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Harness;

/// <summary>Small graphs of the understudy's probe nodes.</summary>
public static class Probe
{
    /// <summary>Node 10 sleeps in steps, node 11 shows a text.</summary>
    public static JsonObject Sleep(int steps, double seconds, int seed, string mode = "progress") => new()
    {
        ["10"] = Node("ProbeSleep", new JsonObject { ["steps"] = steps, ["seconds"] = seconds, ["seed"] = seed, ["mode"] = mode }),
        ["11"] = Node("ProbeOut", new JsonObject { ["image"] = new JsonArray("10", 0), ["text"] = $"t{seed}" }),
    };

    /// <summary>Node 20 raises.</summary>
    public static JsonObject Raise(string message, string kind)
    {
        var graph = Sleep(1, 0, 5);
        graph["20"] = Node("ProbeRaise", new JsonObject { ["image"] = new JsonArray("10", 0), ["message"] = message, ["kind"] = kind });
        graph["11"]!["inputs"]!["image"] = new JsonArray("20", 0);
        return graph;
    }

    public static JsonObject Node(string name, JsonObject inputs) => new() { ["class_type"] = name, ["inputs"] = inputs };
}
