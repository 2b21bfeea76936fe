using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Publishing;
using WanTalk.Core.Records;
using WanTalk.Core.Uploads;
using WanTalk.Core.Work;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Local;
using WanTalk.Storage.R2;

namespace WanTalk.Storage;

/// <summary>
/// The adapters that a host and its runner use: the one place that chooses them. What is in the cloud is named by the environment, which a
/// runner has from its host; secrets are on no command line.
/// </summary>
public sealed class StorageAdapters : IDisposable
{
    /// <summary>The variable with the container of all artifacts.</summary>
    public const string ContainerVariable = "WANTALK_STORAGE_CONTAINER";

    /// <summary>The variable with the beginning of all queues' names.</summary>
    public const string QueuePrefixVariable = "WANTALK_STORAGE_QUEUE_PREFIX";

    private const int StartRetries = 3;

    private readonly IReadOnlyList<IDisposable> _owned;

    private StorageAdapters(
        IArtifactStore artifacts, IWorkQueues queues, IRecordStore records, IUploadStore? uploads, params IReadOnlyList<IDisposable> owned) =>
        (Artifacts, Queues, Records, Uploads, _owned) = (artifacts, queues, records, uploads, owned);

    /// <summary>The artifacts.</summary>
    public IArtifactStore Artifacts { get; }

    /// <summary>The lanes and the completions.</summary>
    public IWorkQueues Queues { get; }

    /// <summary>The index of callers' talks; for hosts.</summary>
    public IRecordStore Records { get; }

    /// <summary>Where uploads go that do not pass this server; null where they go to it (<see cref="ServerUploads"/>). For hosts.</summary>
    public IUploadStore? Uploads { get; }

    /// <summary>Opens the adapters for a runner. Nothing is asked of a cloud yet.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="home">The home of host and runner.</param>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="TalkException">A variable is missing or wrong, which it names.</exception>
    public static StorageAdapters Open(StorageKind kind, HomeLayout home, Func<string, string?> variable, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(variable);
        if (kind == StorageKind.Azure)
        {
            return OpenAzure(variable, time);
        }

        var local = new LocalWorkQueues(home, time);
        var records = new SqliteRecordStore(home.IndexDatabase);
        return new StorageAdapters(new FolderArtifactStore(home.Artifacts, time), local, records, null, local, records);
    }

    /// <summary>Opens the adapters of the cloud, for a host or a runner there. Nothing is asked of it yet.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="TalkException">A variable is missing or wrong, which it names.</exception>
    public static StorageAdapters OpenAzure(Func<string, string?> variable, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var (store, queues, records, uploads) = OpenAzure(AzureStorageOptions.FromEnvironment(variable), variable, time);
        return new StorageAdapters(store, queues, records, uploads);
    }

    /// <summary>
    /// Opens the adapters for the one host of a home, which sends unfinished work again when it starts: what is missing is made, and the
    /// lanes are emptied, unless further runners hold what is in them.
    /// </summary>
    /// <param name="kind">Which.</param>
    /// <param name="home">The home, whose lock the caller holds.</param>
    /// <param name="sharesLanes">Whether runners that are not the host's serve the lanes, in a cloud.</param>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">A variable is missing or wrong, or a cloud does not answer.</exception>
    public static async Task<StorageAdapters> OpenForHostAsync(
        StorageKind kind, HomeLayout home, bool sharesLanes, Func<string, string?> variable, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(variable);
        if (kind == StorageKind.Azure)
        {
            var queues = (await PrepareAzureAsync(variable, time, cancellationToken)).Queues;
            if (!sharesLanes)
            {
                await queues.EmptyLanesAsync(cancellationToken);
            }
        }
        else
        {
            LocalWorkQueues.RemoveLanes(home);
        }

        return Open(kind, home, variable, time);
    }

    /// <summary>Finds out whether the account of the environment can be used, and makes what is missing in it.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The address of the container.</returns>
    /// <exception cref="TalkException">A variable is missing or wrong, or the account does not answer.</exception>
    public static async Task<Uri> CheckAzureAsync(Func<string, string?> variable, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return (await PrepareAzureAsync(variable, time, cancellationToken)).Store.Address;
    }

    /// <summary>Opens the publisher of finished videos. Nothing is asked of a cloud yet.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="home">The home of host and runner.</param>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="TalkException">A variable is missing or wrong, which it names.</exception>
    public static IPublisher OpenPublisher(PublishKind kind, HomeLayout home, Func<string, string?> variable, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(home);
        return kind == PublishKind.R2
            ? new R2Publisher(R2Options.FromEnvironment(variable), time)
            : new FolderPublisher(home.Published, time);
    }

    /// <summary>Finds out whether the bucket of the environment can be used, with little patience, and leaves nothing in it.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The address of the bucket.</returns>
    /// <exception cref="TalkException">A variable is missing or wrong, or the bucket cannot be used.</exception>
    public static async Task<Uri> CheckR2Async(Func<string, string?> variable, TimeProvider time, CancellationToken cancellationToken)
    {
        using var publisher = new R2Publisher(R2Options.FromEnvironment(variable, StartRetries), time);
        await publisher.CheckAsync(cancellationToken);
        return publisher.Address;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var adapter in _owned)
        {
            adapter.Dispose();
        }
    }

    /// <summary>With little patience: whoever starts a host wants to hear soon that its settings are of no use.</summary>
    private static async Task<(BlobArtifactStore Store, StorageWorkQueues Queues, BlobRecordStore Records, BlobUploads Uploads)> PrepareAzureAsync(
        Func<string, string?> variable, TimeProvider time, CancellationToken cancellationToken)
    {
        var opened = OpenAzure(AzureStorageOptions.FromEnvironment(variable, StartRetries), variable, time);
        await opened.Store.PrepareAsync(cancellationToken);
        await opened.Queues.PrepareAsync(cancellationToken);
        return opened;
    }

    private static (BlobArtifactStore Store, StorageWorkQueues Queues, BlobRecordStore Records, BlobUploads Uploads) OpenAzure(
        AzureStorageOptions options, Func<string, string?> variable, TimeProvider time)
    {
        var account = new AzureStorageAccount(options);
        var (blobs, queues) = (new BlobArtifactStoreOptions(), new StorageQueueOptions());
        var store = Named(ContainerVariable, name => new BlobArtifactStore(account, blobs with { Container = name ?? blobs.Container }));
        return (
            store,
            Named(QueuePrefixVariable, name => new StorageWorkQueues(account, time, queues with { Prefix = name ?? queues.Prefix })),
            new BlobRecordStore(account, store.Container),
            new BlobUploads(account, store.Container, time));

        T Named<T>(string name, Func<string?, T> open)
        {
            try
            {
                return open(variable(name) is { Length: > 0 } value ? value : null);
            }
            catch (ArgumentException wrong)
            {
                throw new TalkException(ErrorCode.ArgumentInvalid, $"{name} is wrong: {wrong.Message}", wrong);
            }
        }
    }
}
