using WanTalk.Core.Errors;

namespace WanTalk.Local.Durable;

/// <summary>How the durable runtime of one machine works. The defaults suit a host with a few talks at a time.</summary>
public sealed record DurableOptions
{
    /// <summary>
    /// The SQLite file, which belongs to the durable runtime alone; it is made when it is missing, its folder must exist. SQLite keeps
    /// two files named <c>-wal</c> and <c>-shm</c> beside it.
    /// </summary>
    public required string DatabasePath { get; init; }

    /// <summary>How many activities run at once; 1 to 1024, 32 unless told.</summary>
    public int MaxConcurrentActivities { get; init; } = 32;

    /// <summary>How many instances run a turn at once, each on a thread of the pool; 1 to 64, 4 unless told.</summary>
    public int MaxConcurrentTurns { get; init; } = 4;

    /// <summary>How long a stop waits for activities to see their token; zero to ten minutes, ten seconds unless told.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Only instances whose ids begin so are run; the others wait for a runtime that runs them. All unless told.</summary>
    public string InstanceIdPrefix { get; init; } = "";

    /// <summary>
    /// The version that new instances remember. Those of older versions are carried on as long as they replay as their history says; those
    /// of newer ones are stopped with <see cref="ErrorCode.OrchestrationChanged"/>. 1.0 unless told.
    /// </summary>
    public Version Version { get; init; } = new(1, 0);

    /// <summary>Throws an <see cref="ArgumentException"/> that names the first setting outside its range.</summary>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DatabasePath);
        ThrowIfOutside(MaxConcurrentActivities, 1, 1024, nameof(MaxConcurrentActivities));
        ThrowIfOutside(MaxConcurrentTurns, 1, 64, nameof(MaxConcurrentTurns));
        ThrowIfOutside(StopTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10), nameof(StopTimeout));
    }

    private static void ThrowIfOutside<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} to {most}.");
    }
}
