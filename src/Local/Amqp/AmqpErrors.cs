using System.Security.Authentication;
using Amqp;
using Amqp.Framing;
using WanTalk.Core.Errors;
using AmqpCondition = Amqp.ErrorCode;
using ErrorCode = WanTalk.Core.Errors.ErrorCode;

namespace WanTalk.Local.Amqp;

/// <summary>What a broker says, in our words: what is wrong, and what to change.</summary>
internal static class AmqpErrors
{
    /// <summary>Says why a broker did not give what it was asked for.</summary>
    /// <param name="address">The broker.</param>
    /// <param name="queue">The queue that was asked for.</param>
    /// <param name="failure">What happened.</param>
    public static TalkException Of(AmqpAddress address, string queue, Exception failure)
    {
        if (failure is TalkException told)
        {
            return told;
        }

        var error = (failure as AmqpException)?.Error;
        if (IsMissing(failure))
        {
            return Wrong($"There is no queue '{queue}' at {address.Broker}. Declare it there first, or correct the name.");
        }

        if (error?.Condition == AmqpCondition.UnauthorizedAccess)
        {
            return Wrong(
                $"{address.Broker} refuses {(address.User is { } user ? $"the user '{user}' with this password" : "anybody without a user")}, or the "
                + $"queue '{queue}' to them. Correct WANTALK_QUEUE or --queue, or give the user the right to it.");
        }

        var reason = (error, failure) switch
        {
            ({ }, _) => $"says {Said(error)}",
            (_, AuthenticationException) => "shows a certificate that is not trusted here",
            (_, System.Net.Sockets.SocketException socket) => $"cannot be connected to: {socket.Message}",
            _ => address.User is null ? "does not answer as a broker of AMQP 1.0 that lets anybody in" : "does not answer as a broker of AMQP 1.0",
        };
        return new TalkException(
            ErrorCode.QueueUnavailable, $"The broker {address.Broker} {reason}. Start it, or correct WANTALK_QUEUE or --queue.", failure);
    }

    /// <summary>Whether the broker says that there is no such queue.</summary>
    public static bool IsMissing(Exception failure) => failure is AmqpException { Error.Condition: var condition } && condition == AmqpCondition.NotFound;

    /// <summary>Why something was closed; null when nothing was wrong.</summary>
    public static string? Said(Error? error) => error is null ? null : $"{error.Condition}: {error.Description}";

    private static TalkException Wrong(string message) => new(ErrorCode.ArgumentInvalid, message);
}
