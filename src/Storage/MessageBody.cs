using System.Text;

namespace WanTalk.Storage;

/// <summary>What every queue asks of a message's body.</summary>
internal static class MessageBody
{
    /// <summary>The most bytes of UTF-8: what Azure's 64 KB hold in Base64.</summary>
    internal const int MaximumBytes = 48 * 1024;

    /// <summary>Refuses a body that is too long.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    internal static void Check(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var bytes = Encoding.UTF8.GetByteCount(body);
        if (bytes > MaximumBytes)
        {
            throw new ArgumentException($"A message of {bytes} bytes is too long; at most {MaximumBytes} are carried.", nameof(body));
        }
    }
}
