namespace WanTalk.Core.Retention;

/// <summary>How long ended talks are kept.</summary>
public sealed record RetentionOptions
{
    /// <summary>
    /// How long a talk is kept behind its end, with its artifacts and its history. Default 7 days; 1 hour to 10 years. A failed talk can be
    /// retried so long. A published video is not deleted: its address was given away.
    /// </summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often it is looked for talks to delete. Default every hour; 1 minute to 1 day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many talks are deleted in one go. Default 200, 1 to 10,000: the rest goes in the next.</summary>
    public int MostAtOnce { get; init; } = 200;
}
