using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.R2;

/// <summary>A server that outlived its tests would pile up on the machine that runs them.</summary>
public sealed class RadosgwLifetimeSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_and_its_folder_are_gone_after_a_test_process_that_was_killed()
    {
        await using var tests = ChildProcess.Start("own-radosgw");
        var folder = await tests.ReadLineAsync();
        var process = $"/proc/{await tests.ReadLineAsync()}";
        Assert.True(Directory.Exists(folder) && Directory.Exists(process) && IsUsed(folder));
        await tests.KillAsync();

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        patience.CancelAfter(TimeSpan.FromSeconds(120));
        while (Directory.Exists(folder) || Directory.Exists(process) || IsUsed(folder))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    /// <summary>Whether a process has the folder's configuration.</summary>
    private static bool IsUsed(string folder) => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains($"CEPH_CONF={folder}", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
