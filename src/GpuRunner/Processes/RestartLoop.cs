namespace WanTalk.GpuRunner.Processes;

/// <summary>Keeps something running that may end at any time: begins it again, after pauses that grow while it ends quickly.</summary>
/// <param name="firstPause">The pause after something that had lasted.</param>
/// <param name="time">The clock.</param>
public sealed class RestartLoop(TimeSpan firstPause, TimeProvider time)
{
    /// <summary>The longest pause, and how long something has to last for its end not to count as quick.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Runs until the token fires.</summary>
    /// <param name="runOnce">Runs it once; throws nothing.</param>
    /// <param name="stoppingToken">Ends the loop.</param>
    public async Task RunAsync(Func<CancellationToken, Task> runOnce, CancellationToken stoppingToken)
    {
        ArgumentNullException.ThrowIfNull(runOnce);
        var pauses = new Backoff(firstPause, LongestPause);
        while (!stoppingToken.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            await runOnce(stoppingToken);
            if (time.GetElapsedTime(begun) > LongestPause)
            {
                pauses.Reset();
            }

            await Task.Delay(pauses.Next(), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
