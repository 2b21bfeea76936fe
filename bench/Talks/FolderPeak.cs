namespace WanTalk.Bench.Talks;

/// <summary>Looks at a folder again and again, and keeps the most that it held: at all times, and at those that count.</summary>
internal sealed class FolderPeak : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true };
    private readonly DirectoryInfo _folder;
    private readonly CancellationTokenSource _enough = new();
    private readonly Task _watching;

    /// <summary>Begins to look.</summary>
    /// <param name="folder">The folder; it need not be there.</param>
    public FolderPeak(string folder)
    {
        _folder = new DirectoryInfo(folder);
        _watching = WatchAsync();
    }

    /// <summary>The most bytes that were seen.</summary>
    public long Bytes { get; private set; }

    /// <summary>The most bytes that were seen while it counted.</summary>
    public long Counted { get; private set; }

    /// <summary>Whether it counts now.</summary>
    public bool Counts { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            var sum = Sum();
            Bytes = Math.Max(Bytes, sum);
            Counted = Counts ? Math.Max(Counted, sum) : Counted;
            await Task.Delay(Pause, _enough.Token);
        }
    }

    private long Sum()
    {
        var sum = 0L;
        try
        {
            foreach (var file in _folder.EnumerateFiles("*", Everything))
            {
                sum += file.Length;
            }
        }
        catch (IOException)
        {
            // A file or a folder was deleted while it was looked at; the next look is soon.
        }

        return sum;
    }
}
