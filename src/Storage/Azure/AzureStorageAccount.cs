using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.Azure;

/// <summary>An account of Azure Storage, from which the adapters have their clients. Nothing is asked of the account yet.</summary>
public sealed class AzureStorageAccount
{
    /// <summary>Prepares the clients.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArgumentInvalid"/>: the connection string is none.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public AzureStorageAccount(AzureStorageOptions options)
        : this(options, _ => { })
    {
    }

    /// <summary>Prepares the clients, whose requests go through more than the usual: for tests that lose requests and answers.</summary>
    internal AzureStorageAccount(AzureStorageOptions options, Action<ClientOptions> change)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var (blob, queue) = (new BlobClientOptions(), new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        foreach (var client in (ClientOptions[])[blob, queue])
        {
            client.Retry.Mode = RetryMode.Exponential;
            client.Retry.MaxRetries = options.MaxRetries;
            client.Retry.Delay = options.RetryDelay;
            client.Retry.MaxDelay = options.LongestRetryDelay;
            client.Retry.NetworkTimeout = options.NetworkTimeout;
            change(client);
        }

        if (options.ConnectionString is { } connection)
        {
            try
            {
                Blobs = new BlobServiceClient(connection, blob);
                Queues = new QueueServiceClient(connection, queue);
            }
            catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
            {
                // What was wrong may quote a piece of the secret, and is kept to itself.
                throw new TalkException(ErrorCode.ArgumentInvalid,
                    $"{AzureStorageOptions.ConnectionStringVariable} is no connection string of an Azure Storage account. Copy it again.");
            }
        }
        else
        {
            var identity = new DefaultAzureCredential();
            Blobs = new BlobServiceClient(options.BlobUrl, identity, blob);
            Queues = new QueueServiceClient(options.QueueUrl, identity, queue);
        }
    }

    /// <summary>The account's blobs.</summary>
    internal BlobServiceClient Blobs { get; }

    /// <summary>The account's queues.</summary>
    internal QueueServiceClient Queues { get; }
}
