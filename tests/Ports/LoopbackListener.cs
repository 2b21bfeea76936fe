using System.Net;
using System.Net.Sockets;

namespace WanTalk.Ports;

/// <summary>HTTP servers inside a test.</summary>
internal static class LoopbackListener
{
    /// <summary>Starts one. A port that was free may be another's by now; another one will do.</summary>
    /// <param name="path">Below which it listens: nothing, or a path that ends with a slash.</param>
    internal static HttpListener Start(string path = "")
    {
        while (true)
        {
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{FreePorts.Take(1)[0]}/{path}" } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException taken) when (taken.ErrorCode == (int)SocketError.AddressAlreadyInUse)
            {
                listener.Close();
            }
        }
    }
}
