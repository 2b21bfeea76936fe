using System.Text;

namespace WanTalk.Storage.Azure;

/// <summary>
/// How a message's body lies in Azure's queue: Base64 of its UTF-8, because a text travels there inside XML, which carries neither control
/// characters nor line ends as they are. It is what a Storage Queue trigger of Functions expects as long as host.json does not say another
/// <c>messageEncoding</c>.
/// </summary>
internal static class MessageText
{
    // What is no UTF-8 is no body of ours.
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a body.</summary>
    internal static string Of(string body) => Convert.ToBase64String(Encoding.UTF8.GetBytes(body));

    /// <summary>
    /// The body of a text. One that is no Base64 was put there by hand and is the body itself, so that it is the receiver who judges it, and
    /// a malformed message does not stop the queue.
    /// </summary>
    internal static string Read(string text)
    {
        try
        {
            return _strict.GetString(Convert.FromBase64String(text));
        }
        catch (Exception other) when (other is FormatException or DecoderFallbackException)
        {
            return text;
        }
    }
}
