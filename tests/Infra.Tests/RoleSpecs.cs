using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WanTalk.Infra.Tests.Bicep;
using WanTalk.Infra.Tests.Code;

namespace WanTalk.Infra.Tests;

/// <summary>Each identity may do what its settings say that it does, on what they name, and nothing else.</summary>
public sealed partial class RoleSpecs(Deployments deployments)
{
    // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    private static readonly Dictionary<string, string> _roles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"] = "Azure Service Bus Data Receiver",
        ["69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"] = "Azure Service Bus Data Sender",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    [Fact]
    public void A_runner_has_its_lanes_the_artifacts_its_image_and_its_secrets()
    {
        var snapshot = deployments.Private;
        foreach (var runner in snapshot.Runners)
        {
            var settings = runner.Settings;
            var account = snapshot.One("Microsoft.Storage/storageAccounts", settings["AZURE_STORAGE_ACCOUNT"]).Text("id");
            var registry = snapshot.One("Microsoft.ContainerRegistry/registries").Text("id");
            string[] expected =
            [
                $"Storage Blob Data Contributor on {account}/blobServices/default/containers/{settings["WANTALK_STORAGE_CONTAINER"]}",
                .. runner.Scale.List("rules").Select(
                    rule => $"Storage Queue Data Contributor on {account}/queueServices/default/queues/{rule.Text("custom.metadata.queueName")}"),
                $"Storage Queue Data Message Sender on {account}/queueServices/default/queues/{settings["WANTALK_STORAGE_QUEUE_PREFIX"]}completions",
                $"AcrPull on {registry}",
                .. runner.Secrets.Values.Select(address => $"Key Vault Secrets User on {SecretOf(snapshot, address)}"),
            ];

            Assert.Equal(expected.Order(), RolesOf(snapshot, runner.Identity).Order());
        }
    }

    [Fact]
    public void The_job_may_fetch_its_image_only()
    {
        var snapshot = deployments.Private;
        var identity = Assert.Single(snapshot.One("Microsoft.App/jobs").At("identity.userAssignedIdentities")!.AsObject()).Key;

        Assert.Equal([$"AcrPull on {snapshot.One("Microsoft.ContainerRegistry/registries").Text("id")}"], RolesOf(snapshot, identity));
    }

    [Fact]
    public void The_host_has_its_account_its_queues_its_secret_and_its_telemetry()
    {
        var snapshot = deployments.Private;
        var settings = snapshot.HostSettings;
        var identity = Assert.Single(snapshot.One("Microsoft.Web/sites").At("identity.userAssignedIdentities")!.AsObject()).Key;
        var account = snapshot.One("Microsoft.Storage/storageAccounts", settings["AZURE_STORAGE_ACCOUNT"]).Text("id");
        var queues = $"{snapshot.One("Microsoft.ServiceBus/namespaces").Text("id")}/queues";
        string[] expected =
        [
            $"Storage Blob Data Owner on {account}",
            $"Storage Queue Data Contributor on {account}",
            $"Storage Table Data Contributor on {account}",
            $"Azure Service Bus Data Receiver on {queues}/{SettingsRead.TalksQueue}",
            .. settings["WANTALK_REPLY_QUEUES"].Split(',').Select(queue => $"Azure Service Bus Data Sender on {queues}/{queue}"),
            $"Key Vault Secrets User on {SecretOf(snapshot, settings["WANTALK_ID_SECRET"])}",
            $"Key Vault Secrets User on {SecretOf(snapshot, settings["WANTALK_API_KEYS"])}",
            $"Key Vault Secrets User on {SecretOf(snapshot, settings["WANTALK_WEBHOOK_SECRETS"])}",
            $"Monitoring Metrics Publisher on {snapshot.One("Microsoft.Insights/components").Text("id")}",
        ];

        Assert.Equal(expected.Order(), RolesOf(snapshot, identity).Order());
    }

    [Fact]
    public void Nobody_else_has_a_role()
    {
        var snapshot = deployments.Private;
        var identities = snapshot.Of("Microsoft.ManagedIdentity/userAssignedIdentities").Select(identity => identity.Text("id")).ToList();

        Assert.Equal(
            snapshot.Of("Microsoft.Authorization/roleAssignments").Count, identities.Sum(identity => RolesOf(snapshot, identity).Count()));
        Assert.All(
            snapshot.Of("Microsoft.Authorization/roleAssignments"), role => Assert.Equal("ServicePrincipal", role.Text("properties.principalType")));
    }

    private static IEnumerable<string> RolesOf(Snapshot snapshot, string identity) =>
        from role in snapshot.Of("Microsoft.Authorization/roleAssignments")
        where role.Text("properties.principalId").Contains($"'{identity}'", StringComparison.Ordinal)
        select $"{_roles[role.Text("properties.roleDefinitionId").Split('/')[^1]]} on {ScopeOf(role)}";

    // A role's id is that of its scope, and its own.
    private static string ScopeOf(JsonObject role) => role.Text("id").Split("/providers/Microsoft.Authorization/")[0];

    /// <summary>The secret, as a resource, that an expression gives the address of: its name is the last text in it.</summary>
    private static string SecretOf(Snapshot snapshot, string address)
    {
        var name = QuotedText().Matches(address)[^1].Groups["text"].Value;
        return snapshot.One("Microsoft.KeyVault/vaults/secrets", $"{snapshot.One("Microsoft.KeyVault/vaults").Text("name")}/{name}").Text("id");
    }

    [GeneratedRegex("'(?<text>[^']*)'")]
    private static partial Regex QuotedText();
}
