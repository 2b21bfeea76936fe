using System.Diagnostics;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.ThirdParty;

/// <summary>
/// Somebody else's ComfyUI client: @stable-canvas/comfyui-client, installed from npm by its lock file into a folder of its own. Of the three
/// that are known to load it is the one that hands on progress, previews and the outputs of every kind of node, videos too, and it needs
/// one package beside itself.
/// </summary>
public sealed class NpmClient : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("third-party-client-").FullName;

    public async ValueTask InitializeAsync()
    {
        foreach (var file in new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "third-party-client")).EnumerateFiles())
            file.CopyTo(Path.Combine(_folder, file.Name));
        var (code, _, complaint) = await RunAsync(
            "npm", ["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"npm could not install the client: {complaint}");
    }

    /// <summary>Runs a graph to its end; gives the outputs of each node, what was heard of progress, and the error if there was one.</summary>
    public async Task<JsonObject> RunAsync(Uri server, JsonObject graph, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "graph.json"), graph.ToJsonString(), cancellationToken);
        var (_, said, complaint) = await RunAsync("node", ["run.mjs", server.Authority, "graph.json"], cancellationToken);
        Assert.True(said.Length > 0, $"The client said nothing: {complaint}");
        return (JsonObject)JsonNode.Parse(said)!;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<(int Code, string Said, string Complaint)> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var said = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var complaint = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await said, await complaint);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
