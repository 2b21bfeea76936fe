namespace WanTalk.Core.Intake;

/// <summary>Puts replies on queues of the broker that the messages came from.</summary>
public interface IReplySender
{
    /// <summary>Sends a reply, at least once.</summary>
    /// <param name="queue">One of <see cref="MessageIntakeOptions.ReplyQueues"/>.</param>
    /// <param name="reply">What to send.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SendAsync(string queue, TalkReply reply, CancellationToken cancellationToken);
}

/// <summary>How a talk ended, for whoever asked for it by message.</summary>
/// <param name="MessageId">The same each time this end is told, so that a broker or a receiver can drop what comes twice.</param>
/// <param name="CorrelationId">The asking message's correlation id, or its id.</param>
/// <param name="Body">A <see cref="TalkEnd"/> as JSON.</param>
public sealed record TalkReply(string MessageId, string CorrelationId, string Body);
