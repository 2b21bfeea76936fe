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

    [Theory]
    [InlineData("lint")]
    [InlineData("build-params")]
    public async Task The_parameters_pass(string command)
    {
        using var copy = CopyOfBicep();

        await AssertSilentAsync(copy.Path, command, "--pattern", "**/*.bicepparam");
    }

    [Fact]
    public async Task Every_file_is_formatted()
    {
        using var copy = CopyOfBicep();

        await AssertSilentAsync(copy.Path, "format", "--pattern", "**/*.bicep");
        await AssertSilentAsync(copy.Path, "format", "--pattern", "**/*.bicepparam");

        foreach (var file in Directory.EnumerateFiles(copy.Path, "*.bicep*", SearchOption.AllDirectories))
        {
            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(Files.Bicep, Path.GetRelativePath(copy.Path, file)), Token),
                await File.ReadAllTextAsync(file, Token));
        }
    }

    [Theory]
    [InlineData("httpsOnly: true", "httpOnly: true")]
    [InlineData("param location string", "param place string")]
    public async Task What_is_wrong_in_a_file_is_told(string right, string wrong)
    {
        using var copy = CopyOfBicep();
        var host = Path.Combine(copy.Path, "modules", "host.bicep");
        var text = await File.ReadAllTextAsync(host, Token);
        Assert.Contains(right, text);
        await File.WriteAllTextAsync(host, text.Replace(right, wrong, StringComparison.Ordinal), Token);

        Assert.NotEqual("", (await BicepCli.RunAsync(copy.Path, Deployments.Needed, Token, "lint", "modules/host.bicep")).Output);
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

    [Theory]
    [InlineData("WANTALK_GPU", "H100")]
    [InlineData("WANTALK_PRESET", "quick")]
    [InlineData("WANTALK_GPU_MAX_REPLICAS", "0")]
    public async Task A_value_outside_its_range_is_refused(string name, string value)
    {
        using var copy = CopyOfBicep();

        var ended = await BicepCli.RunAsync(
            copy.Path, new Dictionary<string, string>(Deployments.Needed) { [name] = value }, Token, "build-params", "main.bicepparam", "--stdout");

        Assert.Contains("Error", ended.Output);
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
