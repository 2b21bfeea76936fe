using System.Diagnostics;
using System.Text.Json;
using WanTalk.GpuRunner.Models;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Models;

/// <summary>The command as image builds, jobs and people run it.</summary>
public sealed class CommandSpecs : IAsyncLifetime
{
    private ModelsBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ModelsBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_pull_that_was_killed_is_gone_on_with_by_the_next()
    {
        var (model, served) = _bench.Serve("model.gguf", 4_000_000);
        _bench.WriteManifest(model);
        served.Stall = new TaskCompletionSource();
        using (var killed = Start("pull", "--to", _bench.Folder))
        {
            var part = new FileInfo(model.PathIn(_bench.Folder) + ".part");
            await EngineBench.UntilAsync(() =>
            {
                part.Refresh();
                return part.Exists && part.Length >= 1_000_000;
            });
            killed.Kill();
            await killed.WaitForExitAsync(ModelsBench.Cancellation);
        }

        served.Stall.SetResult();
        served.Stall = null;
        var (code, output, _) = await RunAsync("pull", "--to", _bench.Folder, "--json");

        Assert.Equal(0, code);
        _bench.AssertThere(model, served);
        Assert.True(int.Parse(_bench.Gets[^1].Range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) >= 1_000_000);
        var downloaded = JsonDocument.Parse(output).RootElement.GetProperty("downloaded");
        Assert.Equal("model.gguf", Assert.Single(downloaded.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(0, (await RunAsync("verify", "--to", _bench.Folder)).Code);
        File.Delete(model.PathIn(_bench.Folder));
        var (missing, lines, _) = await RunAsync("verify", "--to", _bench.Folder);
        Assert.Equal(1, missing);
        Assert.StartsWith("model_missing: unet/model.gguf", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_build_with_an_unlocked_manifest_is_refused_and_locking_it_mends_that()
    {
        var (model, served) = _bench.Serve("model.gguf");
        served.Headers["X-Linked-Size"] = $"{model.Size}";
        served.Headers["X-Linked-ETag"] = $"\"{model.Sha256}\"";
        _bench.WriteManifest(model with { Size = null, Sha256 = "" });

        var (refused, _, why) = await RunAsync("pull", "--to", _bench.Folder);
        Assert.Equal(2, refused);
        Assert.StartsWith("argument_invalid: The manifest has no size or SHA-256 for model.gguf.", why, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", why, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("lock")).Code);
        Assert.Equal(model.Sha256, Assert.Single(ModelManifest.Read(_bench.ManifestPath).Models).Sha256);
        Assert.Equal(0, (await RunAsync("pull", "--to", _bench.Folder)).Code);
        _bench.AssertThere(model, served);
    }

    [Fact]
    public async Task What_is_wrong_with_the_command_is_told_in_a_line()
    {
        _bench.WriteManifest(_bench.Serve("model.gguf").Entry);
        Assert.Equal((2, "argument_invalid: Where are the models? Give --to DIR, or set WANTALK_MODELS.\n"), await ErrorOfAsync("verify"));
        var (code, preset) = await ErrorOfAsync("list", "--preset", "fastest");
        Assert.Equal(2, code);
        Assert.StartsWith("argument_invalid: There is no preset 'fastest'; give some of recommended, fast, best", preset, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Error)> ErrorOfAsync(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        return (code, error);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(ModelsBench.Cancellation);
        var error = process.StandardError.ReadToEndAsync(ModelsBench.Cancellation);
        await process.WaitForExitAsync(ModelsBench.Cancellation);
        return (process.ExitCode, await output, await error);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [EngineBench.ProgramOf("GpuRunner"), "models", .. arguments, "--manifest", _bench.ManifestPath])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_EnableDiagnostics"] = "0", ["HF_TOKEN"] = "secret", ["WANTALK_MODELS"] = "" },
        };
        return Process.Start(start)!;
    }
}
