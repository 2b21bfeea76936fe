using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.Azure;

/// <summary>
/// Artifacts as block blobs of one container, for any number of machines. A blob has its content from the moment of its last request: a
/// small one is sent in one, a large one in blocks that nobody sees until they are committed. Create-only is <c>If-None-Match: *</c>.
/// What does not answer or refuses is a <see cref="TalkException"/> with <see cref="ErrorCode.StorageUnavailable"/>. A folder's artifacts
/// are deleted one after another; a name may be an artifact and a folder of others at the same time. The account has a flat namespace.
/// </summary>
public sealed class BlobArtifactStore : IArtifactStore
{
    private readonly BlobContainerClient _container;
    private readonly BlobArtifactStoreOptions _options;

    /// <summary>Prepares the store; nothing is asked of the account yet.</summary>
    /// <param name="account">The account.</param>
    /// <param name="options">How to keep artifacts; null means the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public BlobArtifactStore(AzureStorageAccount account, BlobArtifactStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        _options = options ?? new BlobArtifactStoreOptions();
        _options.Check();
        _container = account.Blobs.GetBlobContainerClient(_options.Container);
    }

    /// <summary>The container's name.</summary>
    public string Container => _options.Container;

    /// <summary>The container's address.</summary>
    public Uri Address => _container.Uri;

    /// <summary>Makes the container when it is missing, and finds out whether the account answers.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.StorageUnavailable"/>: it does not, or refuses.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => GuardAsync<object?>(
        async () => (await _container.ExistsAsync(cancellationToken)).Value
            ? null
            : await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken) =>
        WriterOf(path).TryCreateAsync(content, cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken) =>
        WriterOf(path).WriteAsync(content, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(ArtifactPath path, CancellationToken cancellationToken) =>
        OpenAsync(path, default, cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadRangeAsync(ArtifactPath path, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);

        // A request cannot ask for no bytes.
        return length > 0 ? await OpenAsync(path, new HttpRange(offset, length), cancellationToken)
            : await GetPropertiesAsync(path, cancellationToken) is null ? null
            : Stream.Null;
    }

    /// <inheritdoc/>
    public async Task<ArtifactProperties?> GetPropertiesAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        var blob = BlobOf(path);
        return await GuardAsync(
            async () =>
            {
                try
                {
                    var found = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
                    return new ArtifactProperties(path, found.ContentLength, found.LastModified);
                }
                catch (RequestFailedException missing) when (IsNoBlob(missing))
                {
                    return null;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactProperties> ListAsync(
        ArtifactPath folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = _container.GetBlobsAsync(new GetBlobsOptions { Prefix = $"{NameOf(folder)}/" }, cancellationToken);
        await using var blobs = pages.GetAsyncEnumerator(cancellationToken);
        while (await GuardAsync(async () => await blobs.MoveNextAsync(), cancellationToken))
        {
            if (ArtifactIn(blobs.Current) is { } artifact)
            {
                yield return artifact;
            }
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        var blob = BlobOf(path);
        return GuardAsync(
            () => blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteFolderAsync(ArtifactPath folder, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        ListAsync(folder, cancellationToken),
        new ParallelOptions { MaxDegreeOfParallelism = _options.DeleteConcurrency, CancellationToken = cancellationToken },
        async (artifact, token) => await DeleteAsync(artifact.Path, token));

    private async Task<Stream?> OpenAsync(ArtifactPath path, HttpRange range, CancellationToken cancellationToken)
    {
        var blob = BlobOf(path);
        return await GuardAsync<Stream?>(
            async () =>
            {
                try
                {
                    return await BlobReadStream.OpenAsync(blob, range, cancellationToken);
                }
                catch (RequestFailedException missing) when (IsNoBlob(missing))
                {
                    return null;
                }
                catch (RequestFailedException outside) when (outside.ErrorCode == "InvalidRange")
                {
                    // The artifact ends before the range.
                    return Stream.Null;
                }
            },
            cancellationToken);
    }

    private BlobWriter WriterOf(ArtifactPath path) => new(BlobOf(path), _options.BlockBytes);

    private BlockBlobClient BlobOf(ArtifactPath path) => _container.GetBlockBlobClient(NameOf(path));

    // Only the default path, which has no name, gets past the constructor of an ArtifactPath.
    private static string NameOf(ArtifactPath path) =>
        path.Value ?? throw new ArgumentException("An artifact needs a name.", nameof(path));

    private static bool IsNoBlob(RequestFailedException failure) =>
        failure is { Status: 404, ErrorCode: not ("ContainerNotFound" or "ContainerBeingDeleted") };

    /// <summary>Null for somebody else's blob, under a name that no artifact has.</summary>
    private static ArtifactProperties? ArtifactIn(BlobItem blob)
    {
        try
        {
            return new ArtifactProperties(
                new ArtifactPath(blob.Name), blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? default);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private Task<T> GuardAsync<T>(Func<Task<T>> requests, CancellationToken cancellationToken) =>
        AzureErrors.GuardAsync(_container.Uri, requests, cancellationToken);
}
