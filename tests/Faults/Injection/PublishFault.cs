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
            Directory.Move(folder, away);
            await File.WriteAllTextAsync(folder, "", CancellationToken.None);
            try
            {
                await Task.Delay(length, cancellationToken);
            }
            finally
            {
                File.Delete(folder);
                Directory.Move(away, folder);
            }
        }
        finally
        {
            _one.Release();
        }
    }
}
