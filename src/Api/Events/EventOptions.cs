namespace WanTalk.Api.Events;

/// <summary>How talks are watched.</summary>
public sealed record EventOptions
{
    /// <summary>
    /// The longest that a stream stays open, in seconds; its watcher comes again and goes on where it was. Default 3,600; a host whose front end
    /// ends requests sooner says so.
    /// </summary>
    public int MostSeconds { get; init; } = 3_600;

    /// <summary>The seconds between looks at the talk. Default 1.</summary>
    public int LookSeconds { get; init; } = 1;

    /// <summary>The most seconds without a sign of life: what stands between drops connections that are silent. Default 15.</summary>
    public int QuietSeconds { get; init; } = 15;

    /// <summary>The milliseconds that a watcher is asked to wait before it comes again. Default 2,000.</summary>
    public int ReconnectMilliseconds { get; init; } = 2_000;
}
