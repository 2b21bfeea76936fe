using System.Diagnostics;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes;
using WanTalk.Understudy.Nodes.Pack;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests.Pack;

/// <summary>The understudy's declarations of our pack's nodes against the pack's own, as Python tells them.</summary>
public sealed class PackSchemaSpecs
{
    [Fact]
    public async Task The_understudy_declares_the_packs_nodes_as_the_pack_does()
    {
        using var folder = new TemporaryFolder();
        var pack = await DescribedAsync();
        var ours = new NodeRegistry(new EngineFolders(folder.Path)).DescribeAll()
            .Where(node => (string?)node.Value!["python_module"] == PackSchema.Module)
            .ToDictionary(node => node.Key, node => node.Value!.AsObject());

        Assert.Equal(pack.Select(node => node.Key).Order(), ours.Keys.Order());
        foreach (var (name, real) in pack)
        {
            foreach (var group in (string[])["required", "optional"])
                Assert.Equal(Inputs(name, real!["input"]![group]), Inputs(name, ours[name]["input"]![group]));
            foreach (var member in (string[])["output", "output_name", "output_node", "category", "description"])
                Assert.Equal($"{name} {member} {real![member]!.ToJsonString()}", $"{name} {member} {ours[name][member]!.ToJsonString()}");
        }
    }

    /// <summary>Names, types and limits; the pack asks the wrapper for the values of its lists.</summary>
    private static IEnumerable<string> Inputs(string name, JsonNode? group) => (group?.AsObject() ?? []).Select(input =>
    {
        var type = input.Value![0] is JsonArray ? "one of a list" : input.Value[0]!.ToString();
        var options = (input.Value.AsArray().ElementAtOrDefault(1)?.AsObject() ?? []).OrderBy(option => option.Key, StringComparer.Ordinal);
        return $"{name}.{input.Key} {type} {string.Join(' ', options.Select(option => $"{option.Key}={Meaning(option.Value!)}"))}";
    });

    private static string Meaning(JsonNode value) =>
        value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? $"{decimal.Parse(value.ToJsonString(), null):0.####}" : value.ToJsonString();

    private static async Task<JsonObject> DescribedAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "tests", "NodePack", "describe")) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return JsonNode.Parse(said)!.AsObject();
    }
}
