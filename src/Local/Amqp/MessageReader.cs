using System.Globalization;
using System.Text;
using Amqp;
using Amqp.Framing;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using ErrorCode = WanTalk.Core.Errors.ErrorCode;

namespace WanTalk.Local.Amqp;

/// <summary>Reads what AMQP 1.0 carries as the message that every broker's intake handles.</summary>
internal static class MessageReader
{
    /// <summary>Reads a message.</summary>
    /// <param name="queue">The queue that it came from.</param>
    /// <param name="message">The message.</param>
    /// <param name="refusal">Why it cannot be read.</param>
    /// <returns>The message; null when it cannot be read.</returns>
    public static TalkMessage? Read(string queue, Message message, out TalkError? refusal)
    {
        if (BodyOf(message) is not { } body)
        {
            refusal = new TalkError(
                ErrorCode.ArgumentInvalid,
                "The message's body is neither data nor a text. Send the request's JSON as a data section, or as an amqp-value with a string.");
            return null;
        }

        refusal = null;
        var properties = message.Properties;
        return new TalkMessage(queue, IdOf(message) ?? "", body, properties?.ReplyTo, Text(properties?.GetCorrelationId()));
    }

    /// <summary>A message's id as text, in whichever of AMQP's four types it is; null when it has none.</summary>
    public static string? IdOf(Message message) => Text(message.Properties?.GetMessageId());

    private static byte[]? BodyOf(Message message) => message.BodySection switch
    {
        Data data => BytesOf(data).ToArray(),
        DataList sections => Joined(sections),
        AmqpValue { Value: string text } => Encoding.UTF8.GetBytes(text),
        AmqpValue { Value: byte[] binary } => binary,
        _ => null,
    };

    private static byte[] Joined(DataList sections)
    {
        using var all = new MemoryStream();
        for (var i = 0; i < sections.Count; i++)
        {
            all.Write(BytesOf(sections[i]));
        }

        return all.ToArray();
    }

    /// <summary>The library has a section's bytes in one of two places.</summary>
    private static ReadOnlySpan<byte> BytesOf(Data data) => data switch
    {
        { Binary: { } binary } => binary,
        { Buffer: { } buffer } => buffer.Buffer.AsSpan(buffer.Offset, buffer.Length),
        _ => [],
    };

    private static string? Text(object? id) => id switch
    {
        null => null,
        byte[] bytes => Convert.ToHexStringLower(bytes),
        Guid guid => guid.ToString("d"),
        _ => Convert.ToString(id, CultureInfo.InvariantCulture),
    };
}
