using System.Globalization;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Uploads;

/// <summary>What callers may upload.</summary>
public sealed record UploadOptions
{
    /// <summary>The variable with <see cref="MaxBytes"/>.</summary>
    public const string MaxBytesVariable = "WANTALK_UPLOAD_MAX_BYTES";

    /// <summary>The variable with <see cref="MostPerCaller"/>.</summary>
    public const string MostPerCallerVariable = "WANTALK_UPLOADS_PER_CALLER";

    private const long LeastBytes = 1 << 20;
    private const long MostUploads = 10_000;

    /// <summary>The most bytes of an upload. Default 8 GiB, the largest speech; 1 MiB to that.</summary>
    public long MaxBytes { get; init; } = TalkLimits.MaxSpeechBytes;

    /// <summary>How many uploads a caller has at most whose time is not over, sent or not. Default 100; 1 to 10,000.</summary>
    public long MostPerCaller { get; init; } = 100;

    /// <summary>For how long the address takes the upload: a request that began before goes on. One hour.</summary>
    public static TimeSpan SendWithin { get; } = TimeSpan.FromHours(1);

    /// <summary>For how long an upload may be used, by as many talks as one likes. One day.</summary>
    public static TimeSpan UseWithin { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// For how long its bytes are kept behind that: a talk that was accepted in the last minute finds them when a runner prepares it. One day.
    /// </summary>
    public static TimeSpan KeptBehind { get; } = TimeSpan.FromDays(1);

    /// <summary>Reads the settings.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="TalkException">A variable is wrong, which it names.</exception>
    public static UploadOptions FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var defaults = new UploadOptions();
        return new UploadOptions
        {
            MaxBytes = NumberIn(MaxBytesVariable, LeastBytes, TalkLimits.MaxSpeechBytes) ?? defaults.MaxBytes,
            MostPerCaller = NumberIn(MostPerCallerVariable, 1, MostUploads) ?? defaults.MostPerCaller,
        };

        long? NumberIn(string name, long least, long most) => variable(name) switch
        {
            null or "" => null,
            var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
            var text => throw new TalkException(ErrorCode.ArgumentInvalid, $"{name} is '{text}'. Give {least} to {most}."),
        };
    }
}
