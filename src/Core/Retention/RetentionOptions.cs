using System.Globalization;
using WanTalk.Core.Errors;

namespace WanTalk.Core.Retention;

/// <summary>How long ended talks are kept.</summary>
public sealed record RetentionOptions
{
    /// <summary>The variable with the days for which an ended talk is kept.</summary>
    public const string DaysVariable = "WANTALK_RETENTION_DAYS";

    private const double MostDays = 3_650;

    /// <summary>
    /// How long a talk is kept behind its end, with its artifacts and its history. Default 7 days; 1 hour to 10 years. A failed talk can be
    /// retried so long. A published video is not deleted: its address was given away. Null keeps talks for ever, but for those whose requests
    /// say for how long.
    /// </summary>
    public TimeSpan? Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often it is looked for talks to delete. Default every hour; 1 minute to 1 day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many talks are deleted in one go. Default 200, 1 to 10,000: the rest goes in the next.</summary>
    public int MostAtOnce { get; init; } = 200;

    /// <summary>Reads the settings.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <param name="keep">How long talks are kept where the settings do not say; null for ever.</param>
    /// <exception cref="TalkException">The variable is wrong, which it names.</exception>
    public static RetentionOptions FromEnvironment(Func<string, string?> variable, TimeSpan? keep)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable(DaysVariable) is not { Length: > 0 } text)
        {
            return new RetentionOptions { Keep = keep };
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var days) && days is >= 1.0 / 24 and <= MostDays
            ? new RetentionOptions { Keep = TimeSpan.FromDays(days) }
            : throw new TalkException(ErrorCode.ArgumentInvalid, $"{DaysVariable} is '{text}'. Give 0.042 (an hour) to {MostDays}.");
    }
}
