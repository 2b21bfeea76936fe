using WanTalk.Infra.Tests.Bicep;

namespace WanTalk.Infra.Tests;

/// <summary>Somebody hears when work stands still, fails, or is put aside.</summary>
public sealed class AlertSpecs(Deployments deployments)
{
    [Fact]
    public void Work_that_waits_on_any_lane_is_told_after_ten_minutes()
    {
        var query = QueryOf("work-waits");

        var lanes = deployments.Plain.Runners.SelectMany(runner => runner.Scale.List("rules")).Select(rule => rule.Text("custom.metadata.queueName"));
        Assert.All(lanes, lane => Assert.Contains($"'{lane}'", query));
        Assert.Contains("oldest < ago(10m)", query);
        Assert.Contains($"AccountName == '{deployments.Plain.HostSettings["AZURE_STORAGE_ACCOUNT"]}'", query);
    }

    [Fact]
    public void Queries_have_what_they_ask_for_in_the_logs()
    {
        var categories = deployments.Plain.Of("Microsoft.Insights/diagnosticSettings")
            .SelectMany(setting => setting.List("properties.logs")).Select(log => log["category"]?.ToString()).ToList();

        Assert.Contains("StorageQueueLogs", QueryOf("work-waits"));
        Assert.Contains("StorageWrite", categories);
        Assert.Contains("StorageDelete", categories);
        Assert.Contains("ContainerAppConsoleLogs", QueryOf("runner-failures"));
        Assert.Contains("ContainerAppConsoleLogs", categories);
        Assert.Contains("ContainerAppSystemLogs", QueryOf("replicas-fail"));
        Assert.Contains("ContainerAppSystemLogs", categories);
    }

    [Fact]
    public void What_is_put_aside_is_told()
    {
        Assert.Contains("-poison", QueryOf("poison"));
        Assert.Contains("DeadletteredMessages", MetricsOf("dead-letters"));
    }

    [Fact]
    public void Failures_of_host_and_runners_are_told()
    {
        Assert.Contains("requests/failed", MetricsOf("host-failures"));
        var watched = deployments.Plain.Of("Microsoft.Insights/metricAlerts")
            .Where(alert => alert.Text("name").StartsWith("restarts-", StringComparison.Ordinal))
            .Select(alert => Assert.Single(alert.At("properties.scopes")!.AsArray())!.ToString());
        Assert.Equal(deployments.Plain.Runners.Select(runner => runner.App.Text("id")).Order(), watched.Order());
    }

    [Fact]
    public void Every_alert_goes_to_the_people_that_are_given()
    {
        string[] kinds = ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts"];
        var alerts = kinds.SelectMany(deployments.Private.Of).ToList();
        var people = deployments.Private.One("Microsoft.Insights/actionGroups");

        Assert.Equal("people@example.com", Assert.Single(people.List("properties.emailReceivers")).Text("emailAddress"));
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Contains(people.Text("id"), alert.At("properties.actions")!.ToJsonString()));
        Assert.Empty(deployments.Plain.Of("Microsoft.Insights/actionGroups"));
    }

    private string QueryOf(string name) => Assert.Single(
        deployments.Plain.One("Microsoft.Insights/scheduledQueryRules", name).List("properties.criteria.allOf")).Text("query");

    private string MetricsOf(string name) =>
        deployments.Plain.One("Microsoft.Insights/metricAlerts", name).At("properties.criteria.allOf")!.ToJsonString();
}
