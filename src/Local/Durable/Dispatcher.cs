using System.Collections.Concurrent;

namespace WanTalk.Local.Durable;

/// <summary>
/// Runs what the database says is next, several at a time, no key twice at a time. The database is the queue: nothing is held in memory but
/// what runs.
/// </summary>
/// <param name="limit">How many run at once.</param>
/// <param name="signal">Set when there may be more.</param>
/// <param name="next">The next one, of those whose keys are not given.</param>
/// <param name="keyOf">Its key.</param>
/// <param name="run">Runs it, and changes the database so that it is not next again.</param>
/// <param name="clock">For the pause after a failure.</param>
/// <param name="logger">Hears of failures.</param>
internal sealed class Dispatcher<TKey, TWork>(
    int limit,
    Signal signal,
    Func<IEnumerable<TKey>, TWork?> next,
    Func<TWork, TKey> keyOf,
    Func<TWork, CancellationToken, Task> run,
    TimeProvider clock,
    ILogger logger)
    where TKey : notnull
    where TWork : class
{
    // What fails here is the database (a full disk, say). What has failed is tried again after a pause; the others go on.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TKey, bool> _running = new();

    /// <summary>Dispatches until the token is cancelled and what runs has ended, or until the store is closed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (_running.Count < limit && !stopping.IsCancellationRequested && next(_running.Keys) is { } work)
                    Launch(work, stopping);
                await signal.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception e)
            {
                await PauseAsync(e, stopping);
            }
        }
        while (!_running.IsEmpty)
            await signal.WaitAsync(CancellationToken.None);
    }

    private void Launch(TWork work, CancellationToken stopping)
    {
        var key = keyOf(work);
        _running.TryAdd(key, true);
        _ = Task.Run(() => RunOneAsync(key, work, stopping), CancellationToken.None);
    }

    private async Task RunOneAsync(TKey key, TWork work, CancellationToken stopping)
    {
        try
        {
            await run(work, stopping);
        }
        catch (ObjectDisposedException)
        {
            // The store was closed before this could count; it is next again when the store is opened.
        }
        catch (Exception e)
        {
            await PauseAsync(e, stopping);
        }
        finally
        {
            _running.TryRemove(key, out _);
            signal.Set();
        }
    }

    private async Task PauseAsync(Exception failure, CancellationToken stopping)
    {
        logger.LogError(failure, "The durable runtime could not go on, and tries again: {Message}", failure.Message);
        await Task.Delay(PauseAfterFailure, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
