using System.Net;
using System.Net.Sockets;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;

namespace WanTalk.Storage.Fetching;

/// <summary>
/// HTTP to addresses that callers name, on the public internet only. Each connection resolves its name once, looks at the addresses, and
/// connects to one that it has looked at: a name that changes meanwhile leads nowhere else. No proxy, no cookies, no credentials, and no
/// redirect that was not looked at.
/// </summary>
/// <param name="privateHosts">The hosts off the public internet that the operator allows.</param>
/// <param name="network">The network below HTTP.</param>
internal sealed class GuardedConnections(IEnumerable<string> privateHosts, INetwork network)
{
    private readonly PrivateHosts _private = new(privateHosts);

    /// <summary>A client whose connections are all guarded. Its timeouts are for its user to set, by cancelling.</summary>
    /// <param name="connectTimeout">How long resolving a name and connecting may take.</param>
    public HttpClient NewClient(TimeSpan connectTimeout)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = connectTimeout,
            ConnectCallback = ConnectAsync,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "wantalk");
        return client;
    }

    /// <summary>Why a request failed, in words that fit behind a colon.</summary>
    public static string ReasonOf(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its host's name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "its server cannot be connected to",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "its server's certificate or TLS is not in order",
        _ => "its server broke off, or does not speak HTTP",
    };

    /// <summary>Called for each connection that HTTP needs; the only way to one.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // An IPv6 address comes in brackets.
        var (host, port) = (context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        var found = await network.ResolveAsync(host, cancellationToken);
        var usable = _private.Allow(host, port) ? found : [.. found.Where(PublicAddresses.Contain)];
        if (found.Length > 0 && usable.Length == 0)
        {
            throw new TalkException(ErrorCode.AddressForbidden,
                $"{host}, port {port}, is not on the public internet. Give an address that is, or have the operator name it in "
                + $"{FetchOptions.PrivateHostsVariable}.");
        }

        SocketException? failure = null;
        foreach (var address in usable)
        {
            try
            {
                return await network.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            }
            catch (SocketException unanswered)
            {
                failure = unanswered;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}
