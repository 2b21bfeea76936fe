using WanTalk.Core.Errors;

namespace WanTalk.Local.Amqp;

/// <summary>A queue of an AMQP 1.0 broker, and as whom it is reached. It shows without its password.</summary>
internal sealed class AmqpAddress
{
    private const string Form = "Give one like amqp://user:password@host:5672/queue, or amqps://… with TLS; write characters that do not belong into "
        + "an address with their codes, %40 for @ and %2F for /.";

    private AmqpAddress(Uri url, string queue, string? user, string? password)
    {
        (Queue, User, Password) = (queue, user, password);
        (Host, Encrypted) = (url.IdnHost, url.Scheme == "amqps");
        Port = url.Port > 0 ? url.Port : Encrypted ? 5671 : 5672;
    }

    /// <summary>The queue's name.</summary>
    public string Queue { get; }

    /// <summary>The broker's host.</summary>
    public string Host { get; }

    /// <summary>The broker's port.</summary>
    public int Port { get; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool Encrypted { get; }

    /// <summary>Who is reached as; null for nobody in particular.</summary>
    public string? User { get; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string? Password { get; }

    /// <summary>The broker, as errors and logs show it.</summary>
    public string Broker => $"{(Encrypted ? "amqps" : "amqp")}://{Host}:{Port}";

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address; it is in no error, because it may have a password in it.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArgumentInvalid"/>: it is none.</exception>
    public static AmqpAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("amqp" or "amqps") || url.Host.Length == 0)
        {
            throw Wrong("The queue's address is none.");
        }

        var queue = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        if (queue.Length == 0 || url.AbsolutePath.EndsWith('/'))
        {
            throw Wrong("The queue's address names no queue behind the host.");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw Wrong("The queue's address has more behind the queue's name.");
        }

        var who = url.UserInfo.Split(':', 2);
        return new AmqpAddress(
            url, queue, who[0].Length > 0 ? Uri.UnescapeDataString(who[0]) : null, who.Length > 1 ? Uri.UnescapeDataString(who[1]) : null);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Broker}/{Queue}";

    private static TalkException Wrong(string message) => new(ErrorCode.ArgumentInvalid, $"{message} {Form}");
}
