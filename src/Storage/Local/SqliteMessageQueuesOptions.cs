namespace WanTalk.Storage.Local;

/// <summary>How <see cref="SqliteMessageQueues"/> waits.</summary>
public sealed record SqliteMessageQueuesOptions
{
    /// <summary>
    /// How often a waiting receiver asks the database whether another process has changed it (one cheap question, no query).
    /// Messages sent through the same instance are seen at once. Default: 15 ms; more than zero.
    /// </summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>How long to wait for another process that is writing. Default: 10 s; more than zero.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
