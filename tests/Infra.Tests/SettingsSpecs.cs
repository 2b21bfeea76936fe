using WanTalk.Core.Work;
using WanTalk.Infra.Tests.Bicep;
using WanTalk.Infra.Tests.Code;
using WanTalk.Storage.Azure;

namespace WanTalk.Infra.Tests;

/// <summary>What the programs read is set, and what is set is read.</summary>
public sealed class SettingsSpecs(Deployments deployments)
{
    // Read by what the programs are made of: the identity's library, Azure Functions and its telemetry.
    private static readonly string[] _ofThePlatform =
        ["AZURE_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "AzureWebJobsDisableHomepage"];

    // Set by the image, which knows its folders and its engine.
    private static readonly string[] _ofTheImage = ["WANTALK_HOME", "WANTALK_ENGINE_COMMAND", "WANTALK_ENGINE_FOLDER"];

    // An account's key, and an engine on another machine.
    private static readonly string[] _never = [AzureStorageOptions.ConnectionStringVariable, "WANTALK_ENGINE_URL"];

    [Fact]
    public void Every_setting_that_a_runner_reads_is_set()
    {
        var set = deployments.Plain.Runners.SelectMany(runner => runner.Names).Concat(_ofTheImage).Concat(_never);

        Assert.Empty(SettingsRead.Runner.Concat(SettingsRead.Media).Except(set));
    }

    [Fact]
    public void Every_setting_of_a_runner_is_read_by_it()
    {
        Assert.Empty(deployments.Plain.RunnerOf("sample").Names.Except(SettingsRead.Runner).Except(_ofThePlatform));
        Assert.Empty(deployments.Plain.RunnerOf("media").Names.Except(SettingsRead.Runner).Except(SettingsRead.Media).Except(_ofThePlatform));
    }

    [Fact]
    public void What_the_image_sets_and_what_is_never_set_is_still_read()
    {
        Assert.Empty(_ofTheImage.Concat(_never).Except(SettingsRead.Runner));
        var image = File.ReadAllText(Path.Combine(Files.Deployed, "Dockerfile.gpu"));
        Assert.All(_ofTheImage, name => Assert.Contains($"{name}=", image));
    }

    [Fact]
    public void Every_setting_that_the_host_reads_is_set()
    {
        var set = deployments.Plain.HostSettings.Keys.Concat(_never);

        Assert.Empty(SettingsRead.Host.Append(SettingsRead.CompletionsQueue).Except(set));
    }

    [Fact]
    public void Every_setting_of_the_host_is_read_by_it_or_by_a_trigger()
    {
        var connections = new[] { "AzureWebJobsStorage", SettingsRead.CompletionsConnection, SettingsRead.ServiceBusConnection };

        var unread = deployments.Plain.HostSettings.Keys
            .Except(SettingsRead.Host).Except([SettingsRead.CompletionsQueue]).Except(_ofThePlatform)
            .Where(name => !connections.Any(connection => name.StartsWith($"{connection}__", StringComparison.Ordinal)));

        Assert.Empty(unread);
    }

    [Fact]
    public void Triggers_reach_their_queues_as_the_hosts_identity()
    {
        var settings = deployments.Plain.HostSettings;
        string[] needed =
        [
            $"{SettingsRead.ServiceBusConnection}__fullyQualifiedNamespace",
            $"{SettingsRead.CompletionsConnection}__queueServiceUri",
            "AzureWebJobsStorage__blobServiceUri",
            "AzureWebJobsStorage__queueServiceUri",
            "AzureWebJobsStorage__tableServiceUri",
        ];

        Assert.Empty(needed.Except(settings.Keys));
        foreach (var connection in needed.Select(name => name.Split("__")[0]).Distinct())
        {
            Assert.Equal("managedidentity", settings[$"{connection}__credential"]);
            Assert.Equal(settings["AZURE_CLIENT_ID"], settings[$"{connection}__clientId"]);
        }
    }

    [Fact]
    public void Host_and_runners_meet_in_the_same_account_container_and_queues()
    {
        var host = deployments.Plain.HostSettings;
        Assert.All(deployments.Plain.Runners, runner =>
        {
            foreach (var name in SettingsRead.Azure.Except(_never))
            {
                Assert.Equal(host[name], runner.Settings[name]);
            }
        });

        var (account, prefix) = (host["AZURE_STORAGE_ACCOUNT"], host["WANTALK_STORAGE_QUEUE_PREFIX"]);
        var queues = deployments.Plain.Of("Microsoft.Storage/storageAccounts/queueServices/queues").Select(queue => queue.Text("name")).ToList();
        Assert.All(Enum.GetNames<Lane>(), lane => Assert.Contains($"{account}/default/{prefix}{lane.ToLowerInvariant()}", queues));
        Assert.Equal($"{prefix}completions", host[SettingsRead.CompletionsQueue]);
        Assert.Contains($"{account}/default/{prefix}completions", queues);
        var containers = deployments.Plain.Of("Microsoft.Storage/storageAccounts/blobServices/containers")
            .Select(container => container.Text("name"));
        Assert.Contains($"{account}/default/{host["WANTALK_STORAGE_CONTAINER"]}", containers);
    }

    [Fact]
    public void Secrets_come_from_the_vault_and_are_in_no_setting()
    {
        var host = deployments.Plain.HostSettings;
        var media = deployments.Plain.RunnerOf("media").Secrets;

        Assert.All(["WANTALK_ID_SECRET", "WANTALK_API_KEYS", "WANTALK_WEBHOOK_SECRETS"], name => Assert.Contains("@Microsoft.KeyVault(SecretUri=", host[name]));
        Assert.Equal(["R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"], media.Keys.Order());
        Assert.All(media.Values, address => Assert.Contains("vaultUri", address));
        Assert.Empty(deployments.Plain.RunnerOf("sample").Secrets);
        foreach (var secret in new[] { "WANTALK_ID_SECRET", "WANTALK_API_KEYS", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY" })
        {
            Assert.DoesNotContain(Deployments.Needed[secret], deployments.Plain.Text);
        }
    }
}
