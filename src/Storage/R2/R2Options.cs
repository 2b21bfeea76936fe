using System.Globalization;
using System.Text.RegularExpressions;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.R2;

/// <summary>
/// Which bucket of Cloudflare R2 finished videos go to, as whom, how patiently, and how callers get them. Not a record, so that no log
/// prints its secret by accident.
/// </summary>
public sealed partial class R2Options
{
    /// <summary>The variable with the address of the account's S3 API.</summary>
    public const string EndpointVariable = "R2_ENDPOINT_URL";

    /// <summary>The variable with the token's access key id.</summary>
    public const string AccessKeyVariable = "R2_ACCESS_KEY_ID";

    /// <summary>The variable with the token's secret.</summary>
    public const string SecretKeyVariable = "R2_SECRET_ACCESS_KEY";

    /// <summary>The variable with the bucket.</summary>
    public const string BucketVariable = "R2_BUCKET_NAME";

    /// <summary>The variable with the address at which everybody can read the bucket.</summary>
    public const string PublicUrlVariable = "R2_PUBLIC_URL";

    /// <summary>The variable with the hours for which a signed address works.</summary>
    public const string SignedHoursVariable = "R2_SIGNED_URL_HOURS";

    private const int DefaultMaxRetries = 8;
    private const int MostSignedHours = 7 * 24;
    private const int LeastPart = 5 * 1024 * 1024;

    /// <summary>The address of the S3 API: <c>https://ACCOUNT_ID.r2.cloudflarestorage.com</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The token's access key id.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>The token's secret.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>The bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The address at which everybody can read the bucket; null, the default, to give out signed addresses.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>For how long a signed address works. Default and longest 7 days; at least 1 s.</summary>
    public TimeSpan SignedUrlLifetime { get; init; } = TimeSpan.FromHours(MostSignedHours);

    /// <summary>The largest content that is sent in one request, in bytes. Default 100 MiB; 0 to 5 GiB.</summary>
    public long SinglePutBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>
    /// How large the parts of a larger content are, and how much of it is in memory, in bytes. Default 16 MiB; 5 MiB to 1 GiB. Of what needs
    /// more than 10,000 such parts, they are larger.
    /// </summary>
    public int PartBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How often a request that failed for a passing reason is made again. Default 8; 0 to 20.</summary>
    public int MaxRetries { get; init; } = DefaultMaxRetries;

    /// <summary>The pause before the second try; it doubles from try to try. Default 0.4 s; above 0.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>The longest pause: with the defaults a request gives up after about 36 s. Default 8 s; at least <see cref="RetryDelay"/>.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>For how long nothing may be taken and nothing be answered. Default 60 s; above 0.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The address of the bucket, for people.</summary>
    internal Uri Address => new($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{Bucket}");

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Gives a variable's value.</param>
    /// <param name="maxRetries">How often a request is made again.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArgumentInvalid"/>: all that is missing or wrong, by its variable.</exception>
    public static R2Options FromEnvironment(Func<string, string?> variable, int maxRetries = DefaultMaxRetries)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string[] needed = [EndpointVariable, AccessKeyVariable, SecretKeyVariable, BucketVariable];
        string[] missing = [.. needed.Where(name => string.IsNullOrEmpty(variable(name)))];
        var problems = new List<string>();
        if (missing.Length > 0)
        {
            problems.Add($"Publishing to R2 needs {string.Join(", ", missing)}; set what is missing.");
        }

        var endpoint = UrlOf(EndpointVariable);
        var publicUrl = UrlOf(PublicUrlVariable);
        if (endpoint is not null && endpoint.AbsolutePath != "/")
        {
            problems.Add($"{EndpointVariable} is '{endpoint}'; it ends with the host, and the bucket's name belongs in {BucketVariable}.");
        }

        if (variable(BucketVariable) is { Length: > 0 } bucket && !BucketName().IsMatch(bucket))
        {
            problems.Add($"{BucketVariable} is '{bucket}', which is no bucket's name: 3 to 63 lower-case letters, digits, dots and dashes.");
        }

        var hours = MostSignedHours;
        if (variable(SignedHoursVariable) is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out hours) || hours is < 1 or > MostSignedHours))
        {
            problems.Add($"{SignedHoursVariable} is '{text}'; give 1 to {MostSignedHours} hours.");
        }

        return problems.Count > 0
            ? throw new TalkException(ErrorCode.ArgumentInvalid, string.Join(' ', problems))
            : new R2Options
            {
                Endpoint = endpoint!,
                AccessKeyId = variable(AccessKeyVariable)!,
                SecretAccessKey = variable(SecretKeyVariable)!,
                Bucket = variable(BucketVariable)!,
                PublicUrl = publicUrl,
                SignedUrlLifetime = TimeSpan.FromHours(hours),
                MaxRetries = maxRetries,
            };

        Uri? UrlOf(string name)
        {
            if (variable(name) is not { Length: > 0 } value)
            {
                return null;
            }

            if (Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url is { Query: "", UserInfo: "" })
            {
                return url;
            }

            problems.Add($"{name} is '{value}', which is no https:// address.");
            return null;
        }
    }

    /// <summary>Refuses what cannot be used.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SignedUrlLifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SignedUrlLifetime, TimeSpan.FromHours(MostSignedHours));
        ArgumentOutOfRangeException.ThrowIfNegative(SinglePutBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SinglePutBytes, 5L << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(PartBytes, LeastPart);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PartBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRetries);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRetries, 20);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestRetryDelay, RetryDelay);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(NetworkTimeout, TimeSpan.Zero);
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex BucketName();
}
