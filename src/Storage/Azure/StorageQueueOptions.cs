using System.Text.RegularExpressions;

namespace WanTalk.Storage.Azure;

/// <summary>Which queues of an account are used, and how often an empty one is asked.</summary>
public sealed partial record StorageQueueOptions
{
    /// <summary>
    /// How the names of all queues begin: <c>{prefix}media</c>, <c>{prefix}embed</c>, <c>{prefix}sample</c>, <c>{prefix}completions</c>.
    /// Default: <c>wantalk-</c>; lower-case letters, digits and single dashes, at most 50.
    /// </summary>
    public string Prefix { get; init; } = "wantalk-";

    /// <summary>The pause after a receiver has found a queue empty for the first time. Default: 0.1 s; above 0.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// The longest pause: while a queue stays empty each pause is a tenth longer than the one before, up to this, so that a message waits for
    /// no more than a tenth of the time for which its queue was empty; a message makes pauses short again. Default: 0.25 s, at which a receiver
    /// asks 345,600 times in a day of idleness: cents, beside a GPU that would stand still; at least <see cref="PollInterval"/>.
    /// </summary>
    public TimeSpan LongestPollInterval { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Refuses what cannot be used.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal void Check()
    {
        if (!Name().IsMatch(Prefix))
        {
            throw new ArgumentException($"'{Prefix}' cannot begin a queue's name: lower-case letters, digits and single dashes, at most 50.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PollInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestPollInterval, PollInterval);
    }

    [GeneratedRegex(@"^(?=.{0,50}\z)([a-z0-9]+-?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
