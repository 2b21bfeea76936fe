using WanTalk.Faults.Houses;

namespace WanTalk.Faults.Injection;

/// <summary>The folder that videos are published to is away: a file is in its place.</summary>
internal static class PublishFault
{
    private static readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Takes it away for a while.</summary>
    public static async Task RunAsync(string folder, TimeSpan length, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(CancellationToken.None);
        try
        {
            var away = $"{folder}.away";
            await File.WriteAllTextAsync(away, "", CancellationToken.None);

            // At once: a publisher that found neither would make the folder again.
            Exchange.Names(folder, away);
            try
            {
                await Task.Delay(length, cancellationToken);
            }
            finally
            {
                Exchange.Names(folder, away);
                File.Delete(away);
            }
        }
        finally
        {
            _one.Release();
        }
    }
}
