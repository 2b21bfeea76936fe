using System.Net;
using System.Net.Sockets;

namespace WanTalk.Ports;

/// <summary>
/// Ports for servers that must be told theirs, or keep it over a restart. They lie below those that the system gives to outgoing connections
/// (Linux: from 32768), one of which could take a port between its choice and the server's start. A process of tests is given none twice: a
/// port whose server is away for a while stays its own.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Tried = [];

    /// <summary>Ports of the loopback address that nobody listens on.</summary>
    /// <param name="count">How many, all different.</param>
    /// <exception cref="InvalidOperationException">The process has been given all there are, far more than its tests need.</exception>
    internal static IReadOnlyList<int> Take(int count)
    {
        lock (Gate)
        {
            var held = new List<TcpListener>();
            while (held.Count < count)
            {
                var listener = new TcpListener(IPAddress.Loopback, Next());
                try
                {
                    listener.Start();
                    held.Add(listener);
                }
                catch (SocketException)
                {
                    // Somebody has it; another one will do.
                    listener.Dispose();
                }
            }

            List<int> ports = [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
            held.ForEach(listener => listener.Dispose());
            return ports;
        }
    }

    private static int Next()
    {
        int port;
        do
        {
            if (Tried.Count == Last - First)
            {
                throw new InvalidOperationException($"All ports from {First} to {Last - 1} have been tried in this process.");
            }

            port = Random.Shared.Next(First, Last);
        }
        while (!Tried.Add(port));

        return port;
    }
}
