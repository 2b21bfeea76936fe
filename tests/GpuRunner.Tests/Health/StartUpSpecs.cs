using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.Core.Sampling;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Health.StartUp;
using WanTalk.GpuRunner.Models;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Health;

/// <summary>A container on the wrong machine says what is wrong with it before it takes work.</summary>
public sealed class StartUpSpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-startup-");
    private readonly EnginePins _pins = EnginePins.Read(EnginePins.DefaultPath);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunnerOptions Options => new()
    {
        Home = new HomeLayout(_folder.FullName),
        Models = Path.Combine(_folder.FullName, "models"),
        Engine = new() { Folder = Path.Combine(_folder.FullName, "comfy"), Command = ["python3", "{port}"] },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("echo 'NVIDIA A100 80GB PCIe, 550.54.15, 81920 MiB'", null)]
    [InlineData("echo 'Tesla T4, 525.60.13, 15360 MiB'", null)]
    [InlineData("echo 'Tesla T4, 470.82.01, 15360 MiB'", "driver 470.82.1 is too old for CUDA 12.4, which needs 525.60.13")]
    [InlineData("exit 0", "There is no GPU")]
    [InlineData("echo 'NVIDIA-SMI has failed: driver not loaded'; exit 9", "ended with 9: NVIDIA-SMI has failed: driver not loaded")]
    public async Task A_gpu_whose_driver_is_too_old_or_broken_is_named(string script, string? problem)
    {
        var program = Path.Combine(_folder.FullName, "nvidia-smi");
        // A process that is being started beside this test has a copy of every file that this process writes at that moment, and what is open
        // for writing cannot be run: another process writes it.
        using (var writing = Process.Start("sh", ["-c", """printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod +x "$0";""", program, script]))
        {
            await writing.WaitForExitAsync(Cancellation);
            Assert.Equal(0, writing.ExitCode);
        }

        var problems = await FindAsync(new GpuCheck(_pins, NullLogger<GpuCheck>.Instance, program));
        Assert.Equal(problem is null ? 0 : 1, problems.Count);
        Assert.All(problems, told => Assert.Contains(problem!, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_without_a_driver_says_how_to_give_it_one() => Assert.Contains(
        "--gpus all",
        Assert.Single(await FindAsync(new GpuCheck(_pins, NullLogger<GpuCheck>.Instance, Path.Combine(_folder.FullName, "none")))),
        StringComparison.Ordinal);

    [Fact]
    public async Task Every_model_that_is_missing_or_of_another_size_is_named()
    {
        var manifest = ModelManifest.Read(ModelManifest.DefaultPath);
        var needed = manifest.For([SamplingPreset.Recommended]);
        var check = new ModelsCheck(Options, manifest);
        var missing = await FindAsync(check);
        Assert.Equal(needed.Select(model => $"model_missing: {model.LocalPath} is missing"), missing.Select(told => told.Split(" (")[0]));

        foreach (var model in needed)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(model.PathIn(Options.Models!))!);
            using var file = File.Create(model.PathIn(Options.Models!));
            file.SetLength(model.Size ?? 1);
        }

        var cut = needed.First(model => model.Size is not null);
        using (var file = File.OpenWrite(cut.PathIn(Options.Models!)))
        {
            file.SetLength(1000);
        }

        Assert.StartsWith($"model_damaged: {cut.LocalPath} has 1000 bytes", Assert.Single(await FindAsync(check)), StringComparison.Ordinal);
        using (var file = File.OpenWrite(cut.PathIn(Options.Models!)))
        {
            file.SetLength(cut.Size!.Value);
        }

        Assert.Empty(await FindAsync(check));
    }

    [Fact]
    public async Task Every_pack_that_is_missing_or_at_another_commit_is_named()
    {
        var check = new PacksCheck(Options, _pins);
        Assert.Equal(1 + _pins.Packs.Count, (await FindAsync(check)).Count);

        Mark(_pins.Engine, "", PacksCheck.CommitFile, _pins.Engine.Commit + "\n");
        foreach (var pack in _pins.Packs)
        {
            Mark(pack, $"custom_nodes/{pack.Name}", ".git/HEAD", pack.Commit + "\n");
        }

        var other = _pins.Packs[0];
        Mark(other, $"custom_nodes/{other.Name}", ".git/HEAD", "ref: refs/heads/main\n");
        Mark(other, $"custom_nodes/{other.Name}", ".git/refs/heads/main", new string('0', 40) + "\n");
        Assert.StartsWith($"{other.Name} is at 0000", Assert.Single(await FindAsync(check)), StringComparison.Ordinal);
        // Who tells nothing is believed: a copy has no Git.
        Directory.Delete(Path.Combine(Options.Engine.Folder!, "custom_nodes", other.Name, ".git"), recursive: true);
        Assert.Empty(await FindAsync(check));
    }

    [Fact]
    public void Gpu_models_and_packs_are_looked_at_where_an_engine_of_the_images_own_is_needed()
    {
        Assert.Equal(["DiskCheck", "EngineCheck", "GpuCheck", "ModelsCheck", "PacksCheck"], ChecksOf(Options));
        Assert.Equal(["DiskCheck"], ChecksOf(Options with { Lanes = [Lane.Media] }));
        Assert.Equal(["DiskCheck", "EngineCheck"], ChecksOf(Options with { EngineUrl = new Uri("http://box:8188") }));
        Assert.Equal(["DiskCheck", "EngineCheck"], ChecksOf(Options with { Models = null }));
    }

    private static async Task<IReadOnlyList<string>> FindAsync(IReadinessCheck check) => await check.FindProblemsAsync(Cancellation);

    private static IEnumerable<string> ChecksOf(RunnerOptions options)
    {
        using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddRunner(options).BuildServiceProvider();
        return [.. services.GetServices<IReadinessCheck>().Select(check => check.GetType().Name)];
    }

    private void Mark(EnginePins.Pin pin, string folder, string file, string text)
    {
        var path = Path.Combine(Options.Engine.Folder!, folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        Assert.Equal(40, pin.Commit.Length);
    }
}
