using System.Net;
using System.Net.Sockets;

namespace WanTalk.ComfyUI;

/// <summary>Why a request to the server came to nothing.</summary>
public enum ComfyErrorKind
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>There is no such file or route.</summary>
    NotFound,

    /// <summary>The server answered with an error status.</summary>
    Refused,

    /// <summary>The answer is not what the protocol promises.</summary>
    Protocol,
}

/// <summary>A request to a ComfyUI server came to nothing; the message says which and why, on one line.</summary>
public sealed class ComfyException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ComfyException(ComfyErrorKind kind, string message, HttpStatusCode? status = null, Exception? inner = null)
        : base(message, inner) => (Kind, Status) = (kind, status);

    /// <summary>Why.</summary>
    public ComfyErrorKind Kind { get; }

    /// <summary>The status of the answer, if there was one.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>Whether the server could not be talked to at all.</summary>
    public bool IsSilence => Kind is ComfyErrorKind.Unreachable or ComfyErrorKind.TimedOut;

    /// <summary>Whether nobody listens at the address: the server's process is gone, and not merely the way to it.</summary>
    internal bool IsRefusedConnection => InnerException?.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
}
