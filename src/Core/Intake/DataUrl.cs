using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WanTalk.Core.Intake;

/// <summary>
/// An input inside of a request: <c>data:[type];base64,…</c> (RFC 2397). The type is not believed; what the bytes are is found out by
/// looking at them, as with any file. Only base64 is read: nobody escapes a picture byte by byte.
/// </summary>
public static class DataUrl
{
    private const string Scheme = "data:";

    /// <summary>Whether a text is meant as one.</summary>
    public static bool IsMeant(string? text) => text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the bytes.</summary>
    /// <param name="text">The address.</param>
    /// <param name="bytes">What it holds.</param>
    /// <returns>False when it is no data address, or not in base64.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = null;
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (!IsMeant(text) || comma < 0 || !text.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var encoded = text.AsSpan(comma + 1);
        var buffer = new byte[Encoding.UTF8.GetByteCount(encoded)];
        Encoding.UTF8.GetBytes(encoded, buffer);
        if (Base64.DecodeFromUtf8InPlace(buffer, out var count) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        bytes = buffer[..count];
        return true;
    }
}
