using System.Buffers;
using System.Net;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;

namespace WanTalk.Storage.Fetching;

/// <summary>
/// Fetches over http and https from the public internet only, by <see cref="GuardedConnections"/>; each redirect is looked at like the first
/// address.
/// </summary>
public sealed class GuardedFetcher : IInputFetcher, IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly FetchOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <summary>Makes a fetcher.</summary>
    /// <param name="options">How it fetches.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public GuardedFetcher(FetchOptions options, TimeProvider time)
        : this(options, time, new MachineNetwork())
    {
    }

    /// <summary>Makes a fetcher on a network.</summary>
    internal GuardedFetcher(FetchOptions options, TimeProvider time, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_options, _time) = (options, time);
        _http = new GuardedConnections(options.PrivateHosts, network).NewClient(TimeSpan.FromSeconds(options.ConnectSeconds));
    }

    /// <inheritdoc/>
    public async Task<FetchResult> FetchAsync(Uri address, Stream target, long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        using var patience = new FetchPatience(_options, _time, cancellationToken);
        for (var redirects = 0; redirects <= _options.MaxRedirects; redirects++)
        {
            if (InputAddress.RefusalOf(address) is { } refusal)
            {
                throw new TalkException(refusal);
            }

            using var answer = await ReachAsync(address, () => AskAsync(address, patience), cancellationToken);
            if (NextOf(answer, address) is { } next)
            {
                address = next;
                continue;
            }

            var status = (int)answer.StatusCode;
            if (status is 408 or 425 or 429 or >= 500)
            {
                throw Unreachable(address, $"its server answers with {status}", null);
            }

            return status == 200
                ? await ReceiveAsync(address, answer, target, maxBytes, patience, cancellationToken)
                : new FetchResult(FetchOutcome.Refused, status, 0);
        }

        throw Forbidden($"{InputAddress.Shown(address)} is behind more than {_options.MaxRedirects} redirects. Give the address where it is.");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> AskAsync(Uri address, FetchPatience patience)
    {
        patience.ExpectAnswer();
        var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
    }

    private static async Task<FetchResult> ReceiveAsync(
        Uri address, HttpResponseMessage answer, Stream target, long maxBytes, FetchPatience patience, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentLength > maxBytes)
        {
            return new FetchResult(FetchOutcome.TooLarge, (int)answer.StatusCode, 0);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            patience.ExpectBody();
            await using var body = await ReachAsync(address, () => answer.Content.ReadAsStreamAsync(patience.Token), cancellationToken);
            for (var received = 0L; ;)
            {
                patience.ExpectBytes(received);
                var count = await ReachAsync(address, () => body.ReadAsync(buffer, patience.Token).AsTask(), cancellationToken);
                if (count == 0)
                {
                    return new FetchResult(FetchOutcome.Fetched, (int)answer.StatusCode, received);
                }

                if (received + count > maxBytes)
                {
                    return new FetchResult(FetchOutcome.TooLarge, (int)answer.StatusCode, received);
                }

                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                received += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Where the server sends the fetcher on; null when it answers itself.</summary>
    private static Uri? NextOf(HttpResponseMessage answer, Uri address)
    {
        if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
        {
            return null;
        }

        var next = new Uri(address, location);
        return address.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp
            ? throw Forbidden($"{InputAddress.Shown(address)} sends on from https to http. Give the address where it is.")
            : next;
    }

    /// <summary>Does one exchange with the server, and says what is wrong with it in our words.</summary>
    private static async Task<T> ReachAsync<T>(Uri address, Func<Task<T>> exchange, CancellationToken cancellationToken)
    {
        try
        {
            return await exchange();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException slow)
        {
            throw Unreachable(address, "its server is too slow or silent", slow);
        }
        catch (HttpRequestException failure) when (failure.InnerException is TalkException forbidden)
        {
            throw new TalkException(forbidden.Error, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Unreachable(address, GuardedConnections.ReasonOf(failure), failure);
        }
    }

    private static TalkException Forbidden(string message) => new(ErrorCode.AddressForbidden, message);

    private static TalkException Unreachable(Uri address, string reason, Exception? inner) => new(
        ErrorCode.InputUnreachable,
        $"{InputAddress.Shown(address)} could not be fetched: {reason}. Try again when it can be, or give another address.", inner);
}
