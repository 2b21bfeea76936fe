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
        var pause = firstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            await runOnce(stoppingToken);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = time.GetElapsedTime(begun) > LongestPause + pause
                ? firstPause
                : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }
}
