using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using WanTalk.Api.Tests.RunPod;

namespace WanTalk.Api.Tests.OpenApi;

/// <summary>The examples of <c>docs/api.md</c> do what they say, typed as they stand.</summary>
public sealed partial class DocumentationSpecs
{
    private const string Address = "http://127.0.0.1:7071/";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_curl_example_succeeds()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "api.md"), TestEnd);
        var blocks = Blocks().Matches(page).Select(block => block.Groups[1].Value).ToList();
        Assert.Equal(Commands().Count(page), blocks.Sum(block => Commands().Count(block)));
        Assert.NotEmpty(blocks);

        await using var server = await JobServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        using var content = new StringContent(JobServer.Minimal, System.Text.Encoding.UTF8, "application/json");
        using var accepted = await http.PostAsync("api/talks", content, TestEnd);
        var talk = JsonDocument.Parse(await accepted.Content.ReadAsStringAsync(TestEnd)).RootElement.GetProperty("id").GetString()!;
        foreach (var block in blocks)
        {
            var script = block.Replace(Address, server.Address.ToString(), StringComparison.Ordinal);
            await RunAsync(Commands().Replace(script, command => $"curl --fail-with-body --silent --show-error {OutputOf(script[command.Index..])}"), talk);
        }
    }

    /// <summary>Where a command's answer goes whose writer does not say it.</summary>
    private static string OutputOf(string command) => command.Split('\n')[0].Contains(" -o ", StringComparison.Ordinal) ? "" : "--output /dev/stderr ";

    private static async Task RunAsync(string script, string talk)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euc", script])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardError = true,
            Environment = { ["TALK"] = talk, ["NO_PROXY"] = "*" },
        })!;
        try
        {
            var told = await shell.StandardError.ReadToEndAsync(TestEnd);
            await shell.WaitForExitAsync(TestEnd);
            Assert.True(shell.ExitCode == 0, $"{script}\n{told}");
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"^```(?:bash|sh)?\n(curl [\s\S]*?)^```$", RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex("^curl ", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
