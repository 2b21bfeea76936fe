using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using WanTalk.Core.Preflight;
using WanTalk.Core.Uploads;
using WanTalk.Infra.Tests.Bicep;
using WanTalk.Infra.Tests.Code;

namespace WanTalk.Infra.Tests;

/// <summary>The host runs on Flex Consumption as it was built, and finds its queues.</summary>
public sealed class HostSpecs(Deployments deployments)
{
    private JsonObject Host => deployments.Plain.One("Microsoft.Web/sites");

    [Fact]
    public void It_is_what_azd_deploys()
    {
        var service = Host.Text("tags.azd-service-name");

        Assert.Contains($"\n  {service}:\n", File.ReadAllText(Path.Combine(Files.Deployed, "azure.yaml")));
        Assert.All(
            deployments.Plain.Resources.Where(resource => resource.Text("type") is "Microsoft.Resources/resourceGroups" or "Microsoft.Web/sites"),
            resource => Assert.Equal("dev", resource.Text("tags.azd-env-name")));
    }

    [Fact]
    public void It_runs_isolated_on_the_runtime_that_it_is_built_for()
    {
        var built = new FrameworkName(AppContext.TargetFrameworkName!).Version;

        Assert.Equal("dotnet-isolated", Host.Text("properties.functionAppConfig.runtime.name"));
        Assert.Equal($"{built.Major}.{built.Minor}", Host.Text("properties.functionAppConfig.runtime.version"));
        Assert.Equal("FlexConsumption", deployments.Plain.One("Microsoft.Web/serverfarms").Text("sku.tier"));
    }

    [Theory]
    [InlineData(nameof(Deployments.Plain), "recommended")]
    [InlineData(nameof(Deployments.Private), "fast")]
    public void A_talk_that_names_no_preset_has_the_one_whose_models_are_there(string deployment, string preset)
    {
        var deployed = deployments.Of(deployment);

        Assert.Equal(preset, deployed.HostSettings["WANTALK_DEFAULT_PRESET"]);
        Assert.Equal(preset, deployed.RunnerOf("sample").Settings["WANTALK_PRESETS"]);
    }

    [Fact]
    public void Orchestrations_are_always_ready()
    {
        var ready = Assert.Single(Host.List("properties.functionAppConfig.scaleAndConcurrency.alwaysReady"));

        Assert.Equal("durable", ready.Text("name"));
        Assert.Equal(1, ready.Number("instanceCount"));
    }

    [Fact]
    public void Its_program_is_read_with_its_identity_from_a_container_that_is_there()
    {
        var identity = Assert.Single(Host.At("identity.userAssignedIdentities")!.AsObject()).Key;

        Assert.Equal("UserAssignedIdentity", Host.Text("properties.functionAppConfig.deployment.storage.authentication.type"));
        Assert.Equal(identity, Host.Text("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"));
        Assert.Equal(identity, Host.Text("properties.keyVaultReferenceIdentity"));
        Assert.Contains("programs", Host.Text("properties.functionAppConfig.deployment.storage.value"));
        Assert.NotNull(deployments.Plain.Of("Microsoft.Storage/storageAccounts/blobServices/containers")
            .SingleOrDefault(container => container.Text("name").EndsWith("/programs", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_queue_of_talks_drops_what_comes_twice_and_keeps_what_cannot_work()
    {
        var queues = deployments.Plain.Of("Microsoft.ServiceBus/namespaces/queues");
        var talks = Assert.Single(queues, queue => queue.Text("name").EndsWith($"/{SettingsRead.TalksQueue}", StringComparison.Ordinal));

        Assert.True((bool)talks.At("properties.requiresDuplicateDetection")!);
        Assert.True((bool)talks.At("properties.deadLetteringOnMessageExpiration")!);
        Assert.InRange(talks.Number("properties.maxDeliveryCount"), 2, 2_000);
        Assert.Equal("PT5M", talks.Text("properties.lockDuration"));
        Assert.Equal("Standard", deployments.Plain.One("Microsoft.ServiceBus/namespaces").Text("sku.name"));
    }

    [Fact]
    public void Queues_that_may_be_replied_to_are_there()
    {
        var allowed = deployments.Private.HostSettings["WANTALK_REPLY_QUEUES"].Split(',');

        Assert.Equal(2, allowed.Length);
        Assert.All(allowed, name => Assert.NotNull(deployments.Private.Of("Microsoft.ServiceBus/namespaces/queues")
            .SingleOrDefault(queue => queue.Text("name").EndsWith($"/{name}", StringComparison.Ordinal))));
    }

    [Fact]
    public void Blobs_outlive_the_talks_that_the_host_still_keeps()
    {
        var rule = RuleOf("forgotten-talks");

        Assert.True(
            rule.Number("definition.actions.baseBlob.delete.daysAfterModificationGreaterThan")
            > int.Parse(deployments.Plain.HostSettings["WANTALK_RETENTION_DAYS"]));
        Assert.Equal(
            $"{deployments.Plain.HostSettings["WANTALK_STORAGE_CONTAINER"]}/talks/",
            Assert.Single(rule.At("definition.filters.prefixMatch")!.AsArray())!.ToString());
    }

    [Fact]
    public void Uploads_outlive_their_time_and_are_deleted_where_the_host_misses_them()
    {
        var rule = RuleOf("forgotten-uploads");

        Assert.Equal(
            UploadOptions.UseWithin + UploadOptions.KeptBehind,
            TimeSpan.FromDays(rule.Number("definition.actions.baseBlob.delete.daysAfterCreationGreaterThan")));
        Assert.Equal(
            $"{deployments.Plain.HostSettings["WANTALK_STORAGE_CONTAINER"]}/{UploadPaths.Folder}/",
            Assert.Single(rule.At("definition.filters.prefixMatch")!.AsArray())!.ToString());
    }

    [Fact]
    public void Preflights_are_deleted_within_a_day_where_the_host_misses_them()
    {
        var rule = RuleOf("forgotten-preflights");

        var days = TimeSpan.FromDays(rule.Number("definition.actions.baseBlob.delete.daysAfterCreationGreaterThan"));
        Assert.InRange(days, PreflightLimits.Keep, TimeSpan.FromDays(1));
        Assert.Equal(
            $"{deployments.Plain.HostSettings["WANTALK_STORAGE_CONTAINER"]}/{PreflightPaths.Folder}/",
            Assert.Single(rule.At("definition.filters.prefixMatch")!.AsArray())!.ToString());
    }

    [Fact]
    public void Pages_may_send_uploads_with_the_headers_that_these_need_and_nothing_else()
    {
        var rule = Assert.Single(deployments.Plain.Of("Microsoft.Storage/storageAccounts/blobServices")
            .SelectMany(service => service.List("properties.cors.corsRules")));

        Assert.Equal(["PUT"], rule.At("allowedMethods")!.AsArray().Select(method => method!.ToString()));
        Assert.Equal(["content-type", "if-none-match", "x-ms-blob-type"], rule.At("allowedHeaders")!.AsArray().Select(header => header!.ToString()));
        Assert.Empty(rule.At("exposedHeaders")!.AsArray());
    }

    private JsonObject RuleOf(string name) => Assert.Single(
        deployments.Plain.One("Microsoft.Storage/storageAccounts/managementPolicies").List("properties.policy.rules"), rule => rule.Text("name") == name);
}
