using System.Text.Json.Nodes;
using WanTalk.Infra.Tests.Code;

namespace WanTalk.Infra.Tests.Bicep;

/// <summary>What the files deploy with some values, as the Bicep CLI predicts it: what is known before a deployment is computed.</summary>
internal sealed class Snapshot
{
    /// <summary>The subscription and tenant of all snapshots.</summary>
    public const string Nobody = "00000000-0000-0000-0000-000000000000";

    private Snapshot(string text) => (Text, Resources) = (text, [.. JsonNode.Parse(text)!["predictedResources"]!.AsArray().OfType<JsonObject>()]);

    /// <summary>The file.</summary>
    public string Text { get; }

    /// <summary>All resources.</summary>
    public IReadOnlyList<JsonObject> Resources { get; }

    /// <summary>Makes one of a copy, since the CLI writes it beside the parameters.</summary>
    public static async Task<Snapshot> MakeAsync(Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        using var copy = new ScratchFolder();
        Files.Copy(Files.Bicep, copy.Path);
        var ended = await BicepCli.RunAsync(
            copy.Path,
            new Dictionary<string, string>(Deployments.Needed.Concat(values)),
            cancellationToken,
            ["snapshot", "main.bicepparam", "--mode", "overwrite", "--subscription-id", Nobody, "--tenant-id", Nobody, "--location", "anywhere"]);
        Assert.True(ended is { ExitCode: 0, Output: "" }, ended.Output);
        return new Snapshot(await File.ReadAllTextAsync(Path.Combine(copy.Path, "main.snapshot.json"), cancellationToken));
    }

    /// <summary>The resources of a type.</summary>
    public IReadOnlyList<JsonObject> Of(string type) => [.. Resources.Where(resource => resource.Text("type") == type)];

    /// <summary>The only resource of a type, or the one whose name begins so.</summary>
    public JsonObject One(string type, string name = "") =>
        Assert.Single(Of(type), resource => resource.Text("name").StartsWith(name, StringComparison.Ordinal));

    /// <summary>The runner that serves a lane.</summary>
    public Runner RunnerOf(string lane) => Runners.Single(runner => runner.Lanes.Contains(lane));

    /// <summary>All runners.</summary>
    public IReadOnlyList<Runner> Runners => [.. Of("Microsoft.App/containerApps").Select(app => new Runner(app))];

    /// <summary>The host's settings.</summary>
    public IReadOnlyDictionary<string, string> HostSettings =>
        One("Microsoft.Web/sites/config")["properties"]!.AsObject().ToDictionary(setting => setting.Key, setting => (string)setting.Value!);
}
