using WanTalk.Core.Errors;

namespace WanTalk.Core.Intake;

/// <summary>A message that asks for a talk, from whatever broker it came.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="MessageId">The id that its sender gave it: the same id is the same talk.</param>
/// <param name="Body">The request as JSON, see <see cref="TalkJson"/>.</param>
/// <param name="ReplyTo">The queue that is told how the talk ended; null or empty for none.</param>
/// <param name="CorrelationId">Comes back with the reply; the message's own id does when it is null.</param>
public sealed record TalkMessage(string Queue, string MessageId, ReadOnlyMemory<byte> Body, string? ReplyTo, string? CorrelationId);

/// <summary>What becomes of a message.</summary>
public enum MessageAction
{
    /// <summary>It is done with: its talk has begun.</summary>
    Complete,

    /// <summary>It is delivered again later.</summary>
    Retry,

    /// <summary>It can never work: it is put aside with the reason.</summary>
    DeadLetter,
}

/// <summary>What becomes of a message, and why.</summary>
/// <param name="Action">What becomes of it.</param>
/// <param name="Talk">The talk's id; null when the message has none.</param>
/// <param name="Error">Why it is not done with; null when it is.</param>
public sealed record MessageVerdict(MessageAction Action, string? Talk, TalkError? Error);
