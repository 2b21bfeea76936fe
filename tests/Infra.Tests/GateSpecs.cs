using WanTalk.Infra.Tests.Bicep;
using WanTalk.Infra.Tests.Code;

namespace WanTalk.Infra.Tests;

/// <summary>
/// The Bicep CLI has nothing to say about any file. It ends with 0 where a name of a property is wrong, so that any word is a failure.
/// </summary>
public sealed class GateSpecs
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lint")]
    [InlineData("build")]
    public async Task Every_file_passes(string command)
    {
        using var copy = CopyOfBicep();

        await AssertSilentAsync(copy.Path, command, "--pattern", "**/*.bicep");
    }

    [Fact]
    public async Task The_parameters_pass()
    {
        using var copy = CopyOfBicep();

        await AssertSilentAsync(copy.Path, "build-params", "--pattern", "**/*.bicepparam");
    }

    [Fact]
    public async Task Every_file_is_formatted()
    {
        using var copy = CopyOfBicep();

        await AssertSilentAsync(copy.Path, "format", "--pattern", "**/*.bicep*");

        foreach (var file in Directory.EnumerateFiles(copy.Path, "*.bicep*", SearchOption.AllDirectories))
        {
            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(Files.Bicep, Path.GetRelativePath(copy.Path, file)), Token),
                await File.ReadAllTextAsync(file, Token));
        }
    }

    [Fact]
    public async Task A_name_that_the_platform_does_not_know_is_told()
    {
        using var copy = CopyOfBicep();
        var host = Path.Combine(copy.Path, "modules", "host.bicep");
        var text = await File.ReadAllTextAsync(host, Token);
        await File.WriteAllTextAsync(host, text.Replace("httpsOnly:", "httpOnly:", StringComparison.Ordinal), Token);

        Assert.Contains("httpOnly", (await BicepCli.RunAsync(copy.Path, Deployments.Needed, Token, "lint", "modules/host.bicep")).Output);
    }

    [Fact]
    public async Task A_value_that_is_needed_and_not_set_is_named()
    {
        using var copy = CopyOfBicep();

        var ended = await BicepCli.RunAsync(copy.Path, new Dictionary<string, string>(), Token, "build-params", "main.bicepparam", "--stdout");

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("R2_ENDPOINT_URL", ended.Output);
        Assert.Contains("R2_BUCKET_NAME", ended.Output);
    }

    [Fact]
    public async Task A_value_that_is_not_allowed_is_refused()
    {
        using var copy = CopyOfBicep();
        var wrong = new Dictionary<string, string>(Deployments.Needed) { ["WANTALK_GPU"] = "H100", ["WANTALK_PRESET"] = "quick" };

        var ended = await BicepCli.RunAsync(copy.Path, wrong, Token, "build-params", "main.bicepparam", "--stdout");

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("H100", ended.Output);
        Assert.Contains("quick", ended.Output);
    }

    private static ScratchFolder CopyOfBicep()
    {
        var copy = new ScratchFolder();
        Files.Copy(Files.Bicep, copy.Path);
        return copy;
    }

    private static async Task AssertSilentAsync(string folder, params string[] arguments)
    {
        var ended = await BicepCli.RunAsync(folder, Deployments.Needed, Token, arguments);
        Assert.True(ended is { ExitCode: 0, Output: "" }, $"{string.Join(' ', arguments)} ended with {ended.ExitCode}:\n{ended.Output}");
    }
}
