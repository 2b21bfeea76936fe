using System.Text.Json.Nodes;
using WanTalk.Core.Work;
using WanTalk.Infra.Tests.Bicep;

namespace WanTalk.Infra.Tests;

/// <summary>Runners run where and as the platform can run them. The CLI checks neither names of profiles nor limits.</summary>
public sealed class RunnerSpecs(Deployments deployments)
{
    // What belongs to one GPU: https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview
    private static readonly Dictionary<string, (int Cores, int Gibibytes)> _gpuProfiles = new()
    {
        ["Consumption-GPU-NC24-A100"] = (24, 220),
        ["Consumption-GPU-NC8as-T4"] = (8, 56),
    };

    private static string[] AllLanes => [.. Enum.GetNames<Lane>().Select(lane => lane.ToLowerInvariant())];

    [Fact]
    public void Before_there_are_images_there_are_no_runners_but_all_that_they_need()
    {
        var types = deployments.First.Resources.Select(resource => resource.Text("type")).ToHashSet();

        Assert.DoesNotContain("Microsoft.App/containerApps", types);
        Assert.DoesNotContain("Microsoft.App/jobs", types);
        Assert.Contains("Microsoft.ContainerRegistry/registries", types);
        Assert.Contains("Microsoft.App/managedEnvironments", types);
    }

    [Theory]
    [InlineData(nameof(Deployments.Plain), "Consumption-GPU-NC24-A100", "recommended")]
    [InlineData(nameof(Deployments.Private), "Consumption-GPU-NC8as-T4", "fast")]
    public void GPU_lanes_run_on_a_whole_GPU_with_the_models_that_it_can_take(string deployment, string profileType, string preset)
    {
        var snapshot = deployments.Of(deployment);
        var runner = snapshot.RunnerOf("sample");
        var profiles = snapshot.One("Microsoft.App/managedEnvironments").List("properties.workloadProfiles");

        var profile = Assert.Single(profiles, profile => profile.Text("name") == runner.App.Text("properties.workloadProfileName"));
        Assert.Equal(profileType, profile.Text("workloadProfileType"));
        var (cores, gibibytes) = _gpuProfiles[profileType];
        Assert.Equal(cores, runner.Container.Number("resources.cpu"));
        Assert.Equal($"{gibibytes}Gi", runner.Container.Text("resources.memory"));
        Assert.Equal(preset, runner.Settings["WANTALK_PRESETS"]);
        Assert.Equal(["models", "pull", "--preset", preset, "--to", runner.Settings["WANTALK_MODELS"]], ModelsArguments(snapshot));
    }

    [Fact]
    public void Media_runs_without_a_GPU()
    {
        var profiles = deployments.Plain.One("Microsoft.App/managedEnvironments").List("properties.workloadProfiles");
        var runner = deployments.Plain.RunnerOf("media");

        var profile = Assert.Single(profiles, profile => profile.Text("name") == runner.App.Text("properties.workloadProfileName"));
        Assert.Equal("Consumption", profile.Text("workloadProfileType"));
        Assert.InRange(runner.Container.Number("resources.cpu"), 1, 4);
        Assert.Equal(2 * runner.Container.Number("resources.cpu"), int.Parse(runner.Container.Text("resources.memory").TrimEnd('G', 'i')));
    }

    [Fact]
    public void Every_lane_is_served_by_one_runner() =>
        Assert.Equal(AllLanes.Order(), deployments.Plain.Runners.SelectMany(runner => runner.Lanes).Order());

    [Fact]
    public void Replicas_are_as_many_as_messages_waiting_or_in_work_and_none_without()
    {
        foreach (var runner in deployments.Plain.Runners)
        {
            var prefix = runner.Settings["WANTALK_STORAGE_QUEUE_PREFIX"];
            var rules = runner.Scale.List("rules");

            Assert.Equal(runner.Lanes.Select(lane => $"{prefix}{lane}"), rules.Select(rule => rule.Text("custom.metadata.queueName")));
            Assert.All(rules, rule =>
            {
                Assert.Equal("azure-queue", rule.Text("custom.type"));
                Assert.Equal("1", rule.Text("custom.metadata.queueLength"));
                Assert.Equal("all", rule.Text("custom.metadata.queueLengthStrategy"));
                Assert.Equal(runner.Settings["AZURE_STORAGE_ACCOUNT"], rule.Text("custom.metadata.accountName"));
                Assert.Equal(runner.Identity, rule.Text("custom.identity"));
                Assert.Null(rule.At("custom.auth"));
            });
            Assert.Equal(0, runner.Scale.Number("minReplicas"));
            Assert.InRange(runner.Scale.Number("maxReplicas"), 1, 300);
            Assert.Equal(30, runner.Scale.Number("pollingInterval"));
            Assert.Equal(300, runner.Scale.Number("cooldownPeriod"));
        }
    }

    [Fact]
    public void Nothing_listens_but_health() =>
        Assert.All(deployments.Plain.Runners, runner => Assert.Null(runner.App.At("properties.configuration.ingress")));

    [Fact]
    public void Probes_ask_what_the_runner_answers_within_the_platforms_limits()
    {
        var health = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "runner", "HealthServer.cs"));
        foreach (var runner in deployments.Plain.Runners)
        {
            var probes = runner.Container.List("probes");
            Assert.Equal(["Liveness", "Readiness", "Startup"], probes.Select(probe => probe.Text("type")).Order());
            Assert.All(probes, probe =>
            {
                Assert.Contains($"\"{probe.Text("httpGet.path")}\"", health);
                Assert.EndsWith($":{probe.Number("httpGet.port")}", runner.Settings["WANTALK_HEALTH_LISTEN"]);
                Assert.InRange(probe.Number("failureThreshold"), 1, probe.Text("type") == "Startup" ? 240 : 10);
                Assert.InRange(probe.Number("periodSeconds"), 1, 240);
                Assert.InRange(probe.Number("timeoutSeconds"), 1, probe.Number("periodSeconds"));
            });
        }
    }

    [Fact]
    public void A_runner_gets_the_grace_that_GPU_replicas_are_given() => Assert.All(
        deployments.Plain.Runners, runner => Assert.Equal(30, runner.App.Number("properties.template.terminationGracePeriodSeconds")));

    [Fact]
    public void The_share_is_read_by_the_GPU_runner_and_written_by_the_job_only()
    {
        var snapshot = deployments.Plain;
        var runner = snapshot.RunnerOf("sample").App;
        var job = snapshot.One("Microsoft.App/jobs");

        Assert.Equal("ReadOnly", AccessOf(runner));
        Assert.Equal("ReadWrite", AccessOf(job));
        Assert.Empty(snapshot.RunnerOf("media").App.List("properties.template.volumes"));
        Assert.Equal(snapshot.RunnerOf("sample").Settings["WANTALK_MODELS"], MountOf(runner));
        Assert.Equal(ModelsArguments(snapshot)[^1], MountOf(job));
        Assert.Equal("Manual", job.Text("properties.configuration.triggerType"));

        string AccessOf(JsonObject app)
        {
            var volume = Assert.Single(app.List("properties.template.volumes"));
            Assert.Equal("NfsAzureFile", volume.Text("storageType"));
            var storage = Assert.Single(
                snapshot.Of("Microsoft.App/managedEnvironments/storages"),
                storage => storage.Text("name").EndsWith($"/{volume.Text("storageName")}", StringComparison.Ordinal));
            return storage.Text("properties.nfsAzureFile.accessMode");
        }

        static string MountOf(JsonObject app) =>
            Assert.Single(Assert.Single(app.List("properties.template.containers")).List("volumeMounts")).Text("mountPath");
    }

    [Fact]
    public void Runners_and_job_run_the_images_of_their_kind()
    {
        Assert.Contains("/wantalk-gpu:", deployments.Plain.RunnerOf("sample").Container.Text("image"));
        Assert.Contains("/wantalk-media:", deployments.Plain.RunnerOf("media").Container.Text("image"));
        Assert.Contains("/wantalk-media:", JobContainer(deployments.Plain).Text("image"));
    }

    private static JsonObject JobContainer(Snapshot snapshot) =>
        Assert.Single(snapshot.One("Microsoft.App/jobs").List("properties.template.containers"));

    private static string[] ModelsArguments(Snapshot snapshot) =>
        [.. JobContainer(snapshot).At("args")!.AsArray().Select(argument => (string)argument!)];
}
