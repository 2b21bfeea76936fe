using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>An emulator that outlived its tests would pile up on the machine that runs them.</summary>
public sealed class AzuriteLifetimeSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_and_its_folder_are_gone_after_a_test_process_that_was_killed()
    {
        await using var tests = ChildProcess.Start("own-azurite");
        var folder = await tests.ReadLineAsync();
        var process = $"/proc/{await tests.ReadLineAsync()}";
        Assert.True(Directory.Exists(folder) && Directory.Exists(process));
        await tests.KillAsync();

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        patience.CancelAfter(TimeSpan.FromSeconds(120));
        while (Directory.Exists(folder) || Directory.Exists(process))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }
}
