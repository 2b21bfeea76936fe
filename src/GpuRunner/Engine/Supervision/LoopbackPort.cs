using System.Net;
using System.Net.Sockets;

namespace WanTalk.GpuRunner.Engine.Supervision;

/// <summary>Finds the port that a child shall listen on.</summary>
public static class LoopbackPort
{
    /// <summary>A port that nobody listens on at this moment.</summary>
    /// <param name="wanted">That port, or 0 for any.</param>
    /// <exception cref="IOException">Somebody listens there: what answers would not be the child that is started.</exception>
    public static int Choose(int wanted)
    {
        using var listener = new TcpListener(IPAddress.Loopback, wanted);
        try
        {
            listener.Start();
        }
        catch (SocketException busy)
        {
            throw new IOException($"port {wanted} cannot be used ({busy.Message})", busy);
        }

        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
