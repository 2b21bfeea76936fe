using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WanTalk.Storage.Fetching;

namespace WanTalk.Storage.Tests.Fetching;

/// <summary>A network with a few names. Whatever is connected to is written down, and is the test's own server, or nobody.</summary>
internal sealed class KnownNetwork(int? port = null) : INetwork
{
    private readonly MachineNetwork _machine = new();
    private readonly ConcurrentDictionary<string, Queue<string[]>> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was connected to.</summary>
    internal ConcurrentQueue<IPAddress> Connected { get; } = new();

    /// <summary>How often a name was resolved.</summary>
    internal int Resolved { get; private set; }

    /// <summary>Gives a name its addresses, one set for each time that it is resolved; the last one stays.</summary>
    internal KnownNetwork With(string name, params string[][] addresses)
    {
        _names[name] = new Queue<string[]>(addresses);
        return this;
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Resolved++;
        if (IPAddress.TryParse(host, out var address))
        {
            return Task.FromResult<IPAddress[]>([address]);
        }

        var answers = _names.GetValueOrDefault(host) ?? throw new SocketException((int)SocketError.HostNotFound);
        return Task.FromResult<IPAddress[]>([.. (answers.Count > 1 ? answers.Dequeue() : answers.Peek()).Select(IPAddress.Parse)]);
    }

    public async ValueTask<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        Connected.Enqueue(endpoint.Address);
        return port is { } own
            ? await _machine.ConnectAsync(new IPEndPoint(IPAddress.Loopback, own), cancellationToken)
            : throw new SocketException((int)SocketError.ConnectionRefused);
    }
}
