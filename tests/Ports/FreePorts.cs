using System.Net;
using System.Net.Sockets;

namespace WanTalk.Ports;

/// <summary>
/// Ports for servers that must be told theirs, or keep it over a restart. They lie below those that the system gives to outgoing connections
/// (Linux: from 32768), one of which could take a port between its choice and the server's start.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>Ports of the loopback address that nobody listens on.</summary>
    /// <param name="count">How many, all different.</param>
    internal static IReadOnlyList<int> Take(int count)
    {
        var held = new List<TcpListener>();
        while (held.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, Last));
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
