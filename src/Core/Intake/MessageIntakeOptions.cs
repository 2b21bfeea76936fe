namespace WanTalk.Core.Intake;

/// <summary>How messages become talks.</summary>
public sealed record MessageIntakeOptions
{
    /// <summary>The fewest bytes of <see cref="IdSecret"/>.</summary>
    public const int MinSecretBytes = 16;

    /// <summary>
    /// What keeps ids from being guessed: a talk's id is a keyed hash of queue and message id. At least <see cref="MinSecretBytes"/> bytes,
    /// the same in every instance of a host, and kept: with another secret a repeated message is a new talk.
    /// </summary>
    public required ReadOnlyMemory<byte> IdSecret { get; init; }

    /// <summary>The queues that a message may name as the one to reply to. Default none: a message must not write just anywhere.</summary>
    public IReadOnlyCollection<string> ReplyQueues { get; init; } = [];
}
