using WanTalk.Core.Orchestration;
using WanTalk.Local.Durable;

namespace WanTalk.Local.Tests.Durable;

/// <summary>A host of one version meets instances that another version began.</summary>
public sealed class VersionSpecs
{
    [Fact]
    public async Task An_instance_of_a_newer_version_is_stopped_before_any_code_runs_and_the_message_names_both()
    {
        await using var host = Host(new Version(2, 0));
        await WaitingAsync(host);
        await host.RestartAsync(new Version(1, 9));
        await host.RaiseAsync("a", "go", 1);
        Assert.Equal(
            "orchestration_changed: code 'a' was begun by version 2.0; this host carries 1.9 and older. "
            + "Retry the talk to begin anew with all that is stored, or start the version that began it.",
            await host.FailureOfAsync("a"));
        Assert.Equal("waiting", (await host.EndOfAsync("a")).ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task An_instance_of_an_older_version_goes_on_while_the_code_does_what_its_history_says()
    {
        await using var host = Host(new Version(1, 9));
        await WaitingAsync(host);
        await host.RestartAsync(new Version(1, 10));
        await host.RaiseAsync("a", "go", 1);
        Assert.Equal(1, await host.OutputOfAsync<int>("a"));
    }

    [Fact]
    public async Task An_instance_of_an_older_version_whose_way_the_code_no_longer_goes_is_stopped_and_the_message_says_where()
    {
        await using var host = Host(new Version(1, 0));
        await WaitingAsync(host);
        host.Registry = new DurableRegistry().AddOrchestrator<int, int>("code", async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return 0;
        });
        await host.RestartAsync(new Version(1, 1));
        await host.RaiseAsync("a", "go", 1);
        Assert.StartsWith(
            "orchestration_changed: code 'a' was begun by version 1.0; 1.1, which this host has, goes another way at "
            + "turn 0, action 0: the history has activity 'work', the code asked for a timer.",
            await host.FailureOfAsync("a"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_stopped_is_begun_anew_with_the_version_of_the_host()
    {
        await using var host = Host(new Version(2, 0));
        await WaitingAsync(host);
        await host.RestartAsync(new Version(1, 0));
        await host.RaiseAsync("a", "go", 1);
        await host.FailureOfAsync("a");
        await WaitingAsync(host);
        await host.RaiseAsync("a", "go", 2);
        Assert.Equal(2, await host.OutputOfAsync<int>("a"));
    }

    [Fact]
    public async Task A_sub_orchestration_has_a_version_too()
    {
        await using var host = Host(new Version(2, 0));
        host.Registry.AddOrchestrator<int, string>("parent", async (context, _) =>
        {
            try
            {
                await context.CallSubOrchestratorAsync<int>("code", "a");
                return "";
            }
            catch (OrchestrationTaskFailedException failure)
            {
                return failure.ErrorMessage;
            }
        });
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p");
        await host.UntilStatusAsync("a", "waiting");
        await host.RestartAsync(new Version(1, 0));
        await host.RaiseAsync("a", "go", 1);
        Assert.StartsWith("orchestration_changed: code 'a'", await host.FailureOfAsync("a"), StringComparison.Ordinal);
        Assert.StartsWith("orchestration_changed: parent 'p'", await host.FailureOfAsync("p"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_begun_before_instances_had_versions_goes_on_as_of_the_first()
    {
        await using var host = Host(new Version(1, 0));
        await WaitingAsync(host);
        await host.StopAsync();
        host.Store.Database.Write(flush: true, () =>
        {
            host.Store.Database.Execute("ALTER TABLE instances DROP COLUMN version");
            return host.Store.Database.Execute("PRAGMA user_version = 1");
        });
        await host.RestartAsync();
        await host.RaiseAsync("a", "go", 1);
        Assert.Equal(1, await host.OutputOfAsync<int>("a"));
    }

    private static async Task WaitingAsync(DurableHost host)
    {
        await host.StopAsync();
        await host.StartAsync();
        await host.ScheduleAsync("code", "a");
        await host.UntilStatusAsync("a", "waiting");
    }

    private static DurableHost Host(Version version)
    {
        var host = new DurableHost(configure: options => options with { Version = version });
        host.Registry
            .AddActivity<int, int>("work", (n, _) => Task.FromResult(n))
            .AddOrchestrator<int, int>("code", async (context, _) =>
            {
                await context.CallActivityAsync<int>("work", 1);
                context.SetCustomStatus("waiting");
                return await context.WaitForExternalEvent<int>("go");
            });
        return host;
    }
}
