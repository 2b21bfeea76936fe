using System.Security.Cryptography;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Intake;

/// <summary>Makes talks of messages; the same for every broker. A message that comes again leads to the talk that it led to before.</summary>
/// <param name="intake">Accepts the talks.</param>
/// <param name="options">How messages become talks.</param>
/// <param name="requests">What the operator decides about requests.</param>
/// <param name="time">The clock of acceptance.</param>
public sealed class TalkMessageHandler(TalkIntake intake, MessageIntakeOptions options, RequestOptions requests, TimeProvider time)
{
    /// <summary>The most bytes of a message's body: what Service Bus carries in its Standard tier.</summary>
    public const int MaxBodyBytes = 256 << 10;

    /// <summary>The most characters of a message's id, as on Service Bus.</summary>
    public const int MaxMessageIdLength = 128;

    /// <summary>Handles a message. What fails underneath in another way than a <see cref="TalkException"/> tells is thrown: try again.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up; the message is to be delivered again.</param>
    public async Task<MessageVerdict> HandleAsync(TalkMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.MessageId is not { Length: > 0 and <= MaxMessageIdLength })
        {
            return new MessageVerdict(MessageAction.DeadLetter, null, new TalkError(ErrorCode.ArgumentInvalid,
                $"The message has no id of 1 to {MaxMessageIdLength} characters. Give it one: the same id is the same talk."));
        }

        var talk = TalkId.OfMessage(options.IdSecret.Span, message.Queue, message.MessageId);
        try
        {
            if (Read(message, talk, out var problems) is not { } read)
            {
                return new MessageVerdict(MessageAction.DeadLetter, talk, Together(problems));
            }

            await intake.AcceptOnceAsync(read.Request, read.Workflow, cancellationToken);
            return new MessageVerdict(MessageAction.Complete, talk, null);
        }
        catch (TalkException refused)
        {
            var again = ErrorCatalog.KindOf(refused.Error.Code) is ErrorKind.Infrastructure or ErrorKind.Defect;
            return new MessageVerdict(again ? MessageAction.Retry : MessageAction.DeadLetter, talk, refused.Error);
        }
    }

    private (TalkRequest Request, string? Workflow)? Read(TalkMessage message, string talk, out List<TalkError> problems)
    {
        problems = [];
        if (message.Body.Length > MaxBodyBytes)
        {
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The message has {message.Body.Length} bytes. Give at most {MaxBodyBytes}."));
            return null;
        }

        var reply = ReplyOf(message, problems);
        var draft = requests.Of(TalkJson.Read(message.Body, problems));
        if (problems.Count > 0)
        {
            // What could not be read is missing from the draft; that it is missing would only be a second complaint about it.
            return null;
        }

        var request = TalkIntake.Check(draft, time, out var refused);
        problems.AddRange([.. refused, .. intake.RefusalsOf(draft)]);
        return request is null || problems.Count > 0
            ? null
            : (request with { Id = talk, BodySha256 = Convert.ToHexStringLower(SHA256.HashData(message.Body.Span)), Reply = reply }, draft.Workflow);
    }

    private ReplyRequest? ReplyOf(TalkMessage message, List<TalkError> problems)
    {
        if (message.ReplyTo is not { Length: > 0 } queue)
        {
            return null;
        }

        if (!options.ReplyQueues.Contains(queue))
        {
            var known = options.ReplyQueues.Count == 0 ? "There are none in the settings" : $"Those in the settings are {string.Join(", ", options.ReplyQueues)}";
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"Replies to the queue '{queue}' are not allowed. {known}; leave ReplyTo out for no reply."));
        }

        return new ReplyRequest(queue, message.CorrelationId is { Length: > 0 } given ? given : message.MessageId);
    }

    private static TalkError Together(List<TalkError> problems) =>
        problems[0] with { Message = string.Join(" ", problems.Select(problem => problem.Message)) };
}
