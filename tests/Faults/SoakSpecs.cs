using WanTalk.Faults.Plans;
using WanTalk.Faults.Runs;

namespace WanTalk.Faults;

/// <summary>A short soak with a fixed seed; what a longer one has found is added with the seed that found it.</summary>
public sealed class SoakSpecs
{
    [Theory]
    [InlineData(20261130, 1.0)]
    public async Task Nothing_is_lost_and_nothing_wasted_under_faults(int seed, double minutes)
    {
        using var folder = new TemporaryFolder("wantalk-soak-");
        var plan = Planner.Plan(seed, TimeSpan.FromMinutes(minutes));
        var report = await SoakRun.RunAsync(
            plan, folder.Path, line => TestContext.Current.TestOutputHelper?.WriteLine(line), TestContext.Current.CancellationToken);
        Console.WriteLine(report.Describe());
        Assert.True(report.Violations.Count == 0, report.Describe());
        Assert.True(report.FaultCount > plan.Faults.Count / 2, report.Describe());
    }
}
