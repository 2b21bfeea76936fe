using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WanTalk.Infra.Tests.Bicep;
using WanTalk.Infra.Tests.Code;

namespace WanTalk.Infra.Tests;

/// <summary>Nothing is open, nothing knows a key, nothing speaks without TLS 1.2.</summary>
public sealed partial class SafetySpecs(Deployments deployments)
{
    /// <summary>All deployments.</summary>
    public static TheoryData<string> All => [nameof(Deployments.First), nameof(Deployments.Plain), nameof(Deployments.Private)];

    [Theory]
    [MemberData(nameof(All))]
    public void Accounts_have_neither_public_blobs_nor_keys(string deployment)
    {
        var accounts = deployments.Of(deployment).Of("Microsoft.Storage/storageAccounts");

        Assert.Equal(2, accounts.Count);
        Assert.All(accounts, account =>
        {
            Assert.False(Flag(account, "properties.allowBlobPublicAccess"));
            Assert.False(Flag(account, "properties.allowSharedKeyAccess"));
            Assert.Equal("TLS1_2", account.Text("properties.minimumTlsVersion"));
        });
        Assert.All(
            deployments.Of(deployment).Of("Microsoft.Storage/storageAccounts/blobServices/containers"),
            container => Assert.Equal("None", container.Text("properties.publicAccess")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Only_the_share_is_mounted_without_TLS_and_it_is_private(string deployment)
    {
        var snapshot = deployments.Of(deployment);
        var without = Assert.Single(
            snapshot.Of("Microsoft.Storage/storageAccounts"), account => !Flag(account, "properties.supportsHttpsTrafficOnly"));

        Assert.Equal("FileStorage", without.Text("kind"));
        Assert.StartsWith("Premium", without.Text("sku.name"));
        Assert.Equal("Disabled", without.Text("properties.publicNetworkAccess"));
        Assert.Equal("NFS", snapshot.One("Microsoft.Storage/storageAccounts/fileServices/shares").Text("properties.enabledProtocols"));
        Assert.Contains(without.Text("id"), ServicesWithEndpoints(snapshot));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_takes_another_sign_in_than_an_identity(string deployment)
    {
        var snapshot = deployments.Of(deployment);

        Assert.True(Flag(snapshot.One("Microsoft.ServiceBus/namespaces"), "properties.disableLocalAuth"));
        Assert.Equal("1.2", snapshot.One("Microsoft.ServiceBus/namespaces").Text("properties.minimumTlsVersion"));
        Assert.True(Flag(snapshot.One("Microsoft.KeyVault/vaults"), "properties.enableRbacAuthorization"));
        Assert.False(Flag(snapshot.One("Microsoft.ContainerRegistry/registries"), "properties.adminUserEnabled"));
        Assert.False(Flag(snapshot.One("Microsoft.ContainerRegistry/registries"), "properties.anonymousPullEnabled"));
        Assert.True(Flag(snapshot.One("Microsoft.OperationalInsights/workspaces"), "properties.features.disableLocalAuth"));
        Assert.True(Flag(snapshot.One("Microsoft.Insights/components"), "properties.DisableLocalAuth"));
        Assert.Equal("azure-monitor", snapshot.One("Microsoft.App/managedEnvironments").Text("properties.appLogsConfiguration.destination"));
        Assert.All(
            snapshot.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), policy => Assert.False(Flag(policy, "properties.allow")));
        Assert.Equal(2, snapshot.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count);
    }

    [Fact]
    public void No_file_asks_for_a_key()
    {
        foreach (var file in Directory.EnumerateFiles(Files.Bicep, "*.bicep*", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch(Keys(), File.ReadAllText(file));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_API_is_closed_to_all_but_the_ranges_that_are_given_and_to_who_has_no_key(string deployment)
    {
        var host = deployments.Of(deployment).One("Microsoft.Web/sites");

        Assert.True(Flag(host, "properties.httpsOnly"));
        Assert.Equal("1.2", host.Text("properties.siteConfig.minTlsVersion"));
        Assert.Equal("1.2", host.Text("properties.siteConfig.scmMinTlsVersion"));
        Assert.Equal("Disabled", host.Text("properties.siteConfig.ftpsState"));
        var isLimited = deployment == nameof(Deployments.Private);
        Assert.Equal(isLimited ? "Deny" : "Allow", host.Text("properties.siteConfig.ipSecurityRestrictionsDefaultAction"));
        Assert.Contains("WANTALK_API_KEYS", deployments.Of(deployment).HostSettings.Keys);
        var allowed = host.List("properties.siteConfig.ipSecurityRestrictions").Select(rule => rule.Text("ipAddress"));
        Assert.Equal(isLimited ? ["192.0.2.0/24"] : [], allowed);
    }

    [Fact]
    public void With_private_networking_everything_that_can_be_private_is()
    {
        var snapshot = deployments.Private;
        var services = snapshot.Resources
            .Where(resource => resource.At("properties.publicNetworkAccess") is not null)
            .Where(resource => resource.Text("type") != "Microsoft.App/managedEnvironments").ToList();
        var reached = ServicesWithEndpoints(snapshot);
        var zones = snapshot.Of("Microsoft.Network/privateDnsZones").Select(zone => zone.Text("name")).ToList();

        // Two accounts, Service Bus, vault, registry and host.
        Assert.Equal(6, services.Count);
        Assert.All(services, service =>
        {
            Assert.Equal("Disabled", service.Text("properties.publicNetworkAccess"));
            Assert.Contains(service.Text("id"), reached);
        });
        Assert.Equal(zones.Count, snapshot.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count);
        Assert.Equal(
            snapshot.Of("Microsoft.Network/privateEndpoints").Count, snapshot.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count);
        Assert.Equal("Premium", snapshot.One("Microsoft.ServiceBus/namespaces").Text("sku.name"));
        Assert.EndsWith("/subnets/host", snapshot.One("Microsoft.Web/sites").Text("properties.virtualNetworkSubnetId"));
    }

    [Fact]
    public void Without_it_only_the_share_is()
    {
        Assert.Single(deployments.Plain.Of("Microsoft.Network/privateEndpoints"));
        Assert.Single(deployments.Plain.Of("Microsoft.Network/privateDnsZones"));
        Assert.Single(
            deployments.Plain.Of("Microsoft.Storage/storageAccounts"), account => account.Text("properties.publicNetworkAccess") == "Disabled");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Containers_are_inside_the_network_only(string deployment) => Assert.True(
        Flag(deployments.Of(deployment).One("Microsoft.App/managedEnvironments"), "properties.vnetConfiguration.internal"));

    [Theory]
    [MemberData(nameof(All))]
    public void No_subscription_or_tenant_is_in_the_files(string deployment)
    {
        var text = deployments.Of(deployment).Text;

        Assert.All(Subscription().Matches(text), found => Assert.Equal(Snapshot.Nobody, found.Groups["id"].Value));
        Assert.Equal(Snapshot.Nobody, deployments.Of(deployment).One("Microsoft.KeyVault/vaults").Text("properties.tenantId"));
    }

    private static bool Flag(JsonObject resource, string path) => (bool?)resource.At(path) ?? throw new InvalidDataException($"{path} is not set.");

    private static HashSet<string> ServicesWithEndpoints(Snapshot snapshot) =>
    [
        .. snapshot.Of("Microsoft.Network/privateEndpoints")
            .Select(endpoint => Assert.Single(endpoint.List("properties.privateLinkServiceConnections")).Text("properties.privateLinkServiceId")),
    ];

    [GeneratedRegex(
        "listKeys|listCredentials|listAccountSas|listServiceSas|AccountKey|SharedAccessKey|primaryKey|sharedKey:|InstrumentationKey",
        RegexOptions.IgnoreCase)]
    private static partial Regex Keys();

    [GeneratedRegex("/subscriptions/(?<id>[^/'\"]+)")]
    private static partial Regex Subscription();
}
