using WanTalk.Infra.Tests.Code;

namespace WanTalk.Infra.Tests;

/// <summary>azd's hooks do what a deployment needs beside its resources, once, and stop with a reason.</summary>
public sealed class HookSpecs : IDisposable
{
    private readonly HookRun _run = new();

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Predeploy_builds_both_images_of_all_that_they_copy_rolls_out_and_fetches_the_models()
    {
        var ended = await _run.Provisioned().RunAsync("predeploy.sh");

        Assert.True(ended.ExitCode == 0, ended.Output);
        var tag = _run.Kept("WANTALK_IMAGE_TAG")!;
        var order = new[]
        {
            $"--set target=media --set tag={tag}",
            $"--set target=gpu --set tag={tag}",
            $"artifact-streaming create --subscription subscription --name registry --image wantalk-gpu:{tag}",
            "deployment sub create",
            $"with the tag {tag}",
            $"azd env set WANTALK_IMAGE_TAG {tag}",
            "job start",
            "execution show",
            "azd env set WANTALK_MODELS_FETCHED recommended-",
        };
        var at = 0;
        Assert.All(order, part =>
        {
            at = _run.Calls.ToList().FindIndex(at, call => call.Contains(part, StringComparison.Ordinal));
            Assert.True(at >= 0, $"{part} is missing or too early in:\n{string.Join('\n', _run.Calls)}");
        });
        Assert.NotEmpty(HookRun.ImageFiles);
        Assert.Empty(HookRun.ImageFiles.Except(_run.Context));
        Assert.Contains("Dockerfile.gpu.dockerignore", _run.Context);
        Assert.Contains("infra/hooks/images.yaml", _run.Context);
    }

    [Fact]
    public async Task Predeploy_does_nothing_twice()
    {
        await _run.Provisioned().RunAsync("predeploy.sh");
        _run.With("WANTALK_IMAGE_TAG", _run.Kept("WANTALK_IMAGE_TAG")!).With("WANTALK_MODELS_FETCHED", _run.Kept("WANTALK_MODELS_FETCHED")!).Forget();

        await _run.RunAsync("predeploy.sh");
        Assert.Empty(_run.Calls);

        _run.Write("src/any", "changed");
        await _run.RunAsync("predeploy.sh");
        Assert.Contains(_run.Calls, call => call.Contains("target=gpu", StringComparison.Ordinal));
        Assert.DoesNotContain(_run.Calls, call => call.Contains("job start", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Predeploy_says_that_the_models_could_not_be_fetched_and_tries_again_the_next_time()
    {
        var ended = await _run.Provisioned().With("JOB_STATUS", "Failed").RunAsync("predeploy.sh");

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("models-1 is Failed", ended.Output);
        Assert.Null(_run.Kept("WANTALK_MODELS_FETCHED"));
    }

    [Fact]
    public async Task Predeploy_builds_in_the_network_where_the_registry_is_private()
    {
        await _run.Provisioned().With("WANTALK_BUILD_POOL", "builders").RunAsync("predeploy.sh");

        var builds = _run.Calls.Where(call => call.Contains("acr run", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, builds.Count);
        Assert.All(builds, build => Assert.Contains("--agent-pool builders", build));
    }

    [Fact]
    public async Task Preprovision_names_all_that_is_missing()
    {
        var ended = await _run.With("R2_BUCKET_NAME", "talks").RunAsync("preprovision.sh");

        Assert.NotEqual(0, ended.ExitCode);
        Assert.All(["R2_ENDPOINT_URL", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", "WANTALK_API_KEYS"], name => Assert.Contains($"{name} is not set", ended.Output));
        Assert.DoesNotContain("R2_BUCKET_NAME", ended.Output);
        Assert.Empty(_run.Calls);
    }

    [Fact]
    public async Task Preprovision_draws_a_secret_once()
    {
        _run.With("R2_ENDPOINT_URL", "https://x").With("R2_BUCKET_NAME", "talks").With("R2_ACCESS_KEY_ID", "id").With("R2_SECRET_ACCESS_KEY", "key").With("WANTALK_API_KEYS", "alice=00");

        await _run.RunAsync("preprovision.sh");
        var drawn = _run.Kept("WANTALK_ID_SECRET");
        Assert.Matches("^[0-9a-f]{64}$", drawn);

        _run.Forget();
        await _run.Provisioned().RunAsync("preprovision.sh");
        Assert.Empty(_run.Calls);
    }

    [Fact]
    public async Task The_host_is_built_for_Azure_to_where_azd_looks_for_it()
    {
        var dist = File.ReadLines(Path.Combine(Files.Deployed, "azure.yaml"))
            .Single(line => line.Contains("dist:", StringComparison.Ordinal)).Split(": ")[1];

        await _run.RunAsync("host.sh");

        var call = Assert.Single(_run.Calls);
        Assert.StartsWith("dotnet publish ", call);
        Assert.Contains("-p:AzureHost=true", call);
        Assert.Contains(Path.Combine(_run.Root, dist), call.Replace("infra/hooks/../../", "", StringComparison.Ordinal));
    }
}
