using Azure.Core;
using Azure.Storage.Blobs;
using WanTalk.Azurite;
using WanTalk.Storage.Azure;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>Adapters for one test each on an Azurite.</summary>
internal static class AzuriteAccounts
{
    /// <summary>It is patient for a minute: on a busy machine an Azurite that was killed needs many seconds to come back.</summary>
    internal static AzureStorageAccount Account(this AzuriteServer server, Action<ClientOptions>? change = null, int maxRetries = 20) =>
        new(
            new AzureStorageOptions
            {
                ConnectionString = server.ConnectionString,
                MaxRetries = maxRetries,
                RetryDelay = TimeSpan.FromMilliseconds(100),
                LongestRetryDelay = TimeSpan.FromSeconds(4),
            },
            change ?? (_ => { }));

    /// <summary>A store in a container that nobody else uses.</summary>
    internal static Task<BlobArtifactStore> NewStoreAsync(this AzuriteServer server, CancellationToken cancellationToken) =>
        NewStoreAsync(server.Account(), cancellationToken);

    /// <summary>A store in a container that nobody else uses.</summary>
    internal static async Task<BlobArtifactStore> NewStoreAsync(
        this AzureStorageAccount account, CancellationToken cancellationToken, int blockBytes = 64 * 1024)
    {
        var store = new BlobArtifactStore(account, new BlobArtifactStoreOptions { Container = $"t-{Guid.NewGuid():n}", BlockBytes = blockBytes });
        await store.PrepareAsync(cancellationToken);
        return store;
    }

    /// <summary>Queues that nobody else uses.</summary>
    internal static async Task<StorageWorkQueues> NewQueuesAsync(
        this AzureStorageAccount account, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var options = new StorageQueueOptions { Prefix = $"t-{Guid.NewGuid():n}-", LongestPollInterval = TimeSpan.FromSeconds(0.2) };
        var queues = new StorageWorkQueues(account, time ?? TimeProvider.System, options);
        await queues.PrepareAsync(cancellationToken);
        return queues;
    }

    /// <summary>The container of a store, for what a store does not do.</summary>
    internal static BlobContainerClient ContainerOf(this AzuriteServer server, BlobArtifactStore store) =>
        new(server.ConnectionString, store.Container);
}
