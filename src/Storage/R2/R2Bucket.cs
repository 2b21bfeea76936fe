using Amazon.S3;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.R2;

/// <summary>A bucket, and how often it is asked: what fails for a passing reason is asked again, after pauses that double.</summary>
internal sealed class R2Bucket : IDisposable
{
    private readonly R2Client _client;
    private readonly TimeProvider _time;

    /// <summary>Prepares the client. Nothing is asked yet.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal R2Bucket(R2Options options, TimeProvider time)
    {
        options.Check();
        (Options, _time, _client) = (options, time, new R2Client(options));
    }

    /// <summary>Its options.</summary>
    internal R2Options Options { get; }

    /// <summary>The client, for what asks nothing of the server.</summary>
    internal IAmazonS3 Client => _client;

    /// <summary>The time.</summary>
    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Gives up after a while.</summary>
    internal CancellationTokenSource Within(TimeSpan patience) => new(patience, _time);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Asks, and again where that may help.</summary>
    /// <param name="request">Asks once. Its watch ends it when nothing moves.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="understands">What the caller understands itself, and gets as it is.</param>
    /// <exception cref="TalkException">It does not answer, or refuses.</exception>
    internal async Task<T> AskAsync<T>(
        Func<IAmazonS3, NetworkWatch, Task<T>> request, CancellationToken cancellationToken, Func<Exception, bool>? understands = null)
    {
        var pause = Options.RetryDelay;
        for (var retries = 0; ; retries++)
        {
            try
            {
                using var watch = new NetworkWatch(Options.NetworkTimeout, _time, cancellationToken);
                return await request(_client, watch);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested
                && retries < Options.MaxRetries && R2Errors.IsPassing(failure) && understands?.Invoke(failure) is not true)
            {
                await Task.Delay(pause, _time, cancellationToken);
                pause = pause * 2 < Options.LongestRetryDelay ? pause * 2 : Options.LongestRetryDelay;
            }
            catch (Exception failure) when (understands?.Invoke(failure) is not true)
            {
                // A request that was given up fails in many ways.
                cancellationToken.ThrowIfCancellationRequested();
                if (R2Errors.Translate(failure, Options.Address) is { } translated)
                {
                    throw translated;
                }

                throw;
            }
        }
    }
}

/// <summary>Gives a request up when nothing has moved for a while, or when its caller does.</summary>
internal sealed class NetworkWatch : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _either;

    /// <param name="patience">For how long nothing may move.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's.</param>
    internal NetworkWatch(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        _patience = patience;
        _silence = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, cancellationToken);
    }

    /// <summary>Ends the request.</summary>
    internal CancellationToken Token => _either.Token;

    /// <summary>Something moved.</summary>
    internal void Moved() => _silence.CancelAfter(_patience);

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _silence.Dispose();
    }
}
