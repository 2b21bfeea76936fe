using System.Text.RegularExpressions;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.Azure;

/// <summary>
/// Which Azure Storage account is used, as whom, and how patiently. Not a record, so that no log prints its connection string by accident.
/// </summary>
public sealed partial class AzureStorageOptions
{
    /// <summary>The variable with the account's connection string.</summary>
    public const string ConnectionStringVariable = "AZURE_STORAGE_CONNECTION_STRING";

    /// <summary>The variable with the account's name.</summary>
    public const string AccountVariable = "AZURE_STORAGE_ACCOUNT";

    /// <summary>The variable with the address of the account's blobs, where it is not the usual one.</summary>
    public const string BlobUrlVariable = "AZURE_STORAGE_BLOB_URL";

    /// <summary>The variable with the address of the account's queues, where it is not the usual one.</summary>
    public const string QueueUrlVariable = "AZURE_STORAGE_QUEUE_URL";

    private const int DefaultMaxRetries = 8;

    /// <summary>The account with its key, as a secret; null to use <see cref="BlobUrl"/>, <see cref="QueueUrl"/> and the identity.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The address of the account's blobs, reached with the identity that DefaultAzureCredential finds.</summary>
    public Uri? BlobUrl { get; init; }

    /// <summary>The address of the account's queues, reached with the same identity.</summary>
    public Uri? QueueUrl { get; init; }

    /// <summary>How often a request that failed for a passing reason is tried again. Default 8; 0 to 20.</summary>
    public int MaxRetries { get; init; } = DefaultMaxRetries;

    /// <summary>The pause before the second try; it doubles from try to try. Default 0.4 s; above 0.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>The longest pause: with the defaults a request gives up after about 36 s. Default 8 s; at least <see cref="RetryDelay"/>.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a try may hear nothing from the account. Default 30 s; above 0.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Gives a variable's value.</param>
    /// <param name="maxRetries">How often a request is tried again.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArgumentInvalid"/>: what is missing or wrong, by its variable.</exception>
    public static AzureStorageOptions FromEnvironment(Func<string, string?> variable, int maxRetries = DefaultMaxRetries)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable(ConnectionStringVariable) is { Length: > 0 } connection)
        {
            return new AzureStorageOptions { ConnectionString = connection, MaxRetries = maxRetries };
        }

        var blobUrl = UrlOf(variable, BlobUrlVariable);
        var queueUrl = UrlOf(variable, QueueUrlVariable);
        if (variable(AccountVariable) is { Length: > 0 } account)
        {
            return AccountName().IsMatch(account)
                ? new AzureStorageOptions
                {
                    BlobUrl = blobUrl ?? new Uri($"https://{account}.blob.core.windows.net"),
                    QueueUrl = queueUrl ?? new Uri($"https://{account}.queue.core.windows.net"),
                    MaxRetries = maxRetries,
                }
                : throw Wrong($"{AccountVariable} is '{account}', which is no account's name: 3 to 24 lower-case letters and digits.");
        }

        return (blobUrl, queueUrl) switch
        {
            (not null, not null) => new AzureStorageOptions { BlobUrl = blobUrl, QueueUrl = queueUrl, MaxRetries = maxRetries },
            (not null, null) => throw Wrong($"{BlobUrlVariable} is set, but {QueueUrlVariable} is not. Set both, or {AccountVariable}."),
            (null, not null) => throw Wrong($"{QueueUrlVariable} is set, but {BlobUrlVariable} is not. Set both, or {AccountVariable}."),
            _ => throw Wrong(
                $"Azure's storage needs {AccountVariable} (reached with this machine's identity) or {ConnectionStringVariable}; neither is set."),
        };
    }

    /// <summary>Refuses what cannot be used.</summary>
    /// <exception cref="ArgumentException">An option is outside its range, or the account is not said.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRetries);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRetries, 20);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestRetryDelay, RetryDelay);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(NetworkTimeout, TimeSpan.Zero);
        if (ConnectionString is null && (BlobUrl is null || QueueUrl is null))
        {
            throw new ArgumentException("A connection string, or the addresses of blobs and queues, are needed.");
        }
    }

    private static Uri? UrlOf(Func<string, string?> variable, string name) => variable(name) switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps => url,
        var text => throw Wrong($"{name} is '{text}', which is no https:// address."),
    };

    private static TalkException Wrong(string message) => new(ErrorCode.ArgumentInvalid, message);

    [GeneratedRegex(@"^[a-z0-9]{3,24}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AccountName();
}
