using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Records;

namespace WanTalk.Storage.Azure;

/// <summary>Records as blobs of the artifacts' container, below <c>index/</c>; a record's version is its blob's ETag.</summary>
public sealed class BlobRecordStore : IRecordStore
{
    private const string Root = "index/";

    private readonly BlobContainerClient _container;

    /// <summary>Prepares the store; nothing is asked of the account yet, and the container is there by then.</summary>
    /// <param name="account">The account.</param>
    /// <param name="container">The container of the artifacts.</param>
    public BlobRecordStore(AzureStorageAccount account, string container)
    {
        ArgumentNullException.ThrowIfNull(account);
        _container = account.Blobs.GetBlobContainerClient(container);
    }

    /// <inheritdoc/>
    public Task<StoredRecord?> ReadAsync(ArtifactPath name, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            try
            {
                var found = (await BlobOf(name).DownloadContentAsync(cancellationToken)).Value;
                return new StoredRecord(found.Content.ToMemory(), found.Details.ETag.ToString());
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return null;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryWriteAsync(ArtifactPath name, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            var conditions = version is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = new ETag(version) };
            try
            {
                await BlobOf(name).UploadAsync(new BinaryData(content), new BlobUploadOptions { Conditions = conditions }, cancellationToken);
                return true;
            }
            catch (RequestFailedException changed) when (changed.Status is 409 or 412 || changed.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                // The client may have sent it twice, because the first answer was lost: then what is there is what was to be written.
                return await ReadAsync(name, cancellationToken) is { } there && there.Content.Span.SequenceEqual(content.Span);
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(ArtifactPath name, CancellationToken cancellationToken) =>
        GuardAsync(() => BlobOf(name).DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactPath> ListAsync(
        ArtifactPath folder, ArtifactPath? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new GetBlobsOptions { Prefix = $"{Root}{folder}/", StartFrom = after is { } last ? $"{Root}{last}" : null };
        await using var blobs = _container.GetBlobsAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await GuardAsync(async () => await blobs.MoveNextAsync(), cancellationToken))
        {
            var name = new ArtifactPath(blobs.Current.Name[Root.Length..]);
            if (after is null || string.CompareOrdinal(name.Value, after.Value.Value) > 0)
            {
                yield return name;
            }
        }
    }

    private BlobClient BlobOf(ArtifactPath name) => _container.GetBlobClient($"{Root}{name}");

    private Task<T> GuardAsync<T>(Func<Task<T>> requests, CancellationToken cancellationToken) =>
        AzureErrors.GuardAsync(_container.Uri, requests, cancellationToken);
}
