using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using WanTalk.Core.Errors;
using WanTalk.Core.Uploads;

namespace WanTalk.Storage.Azure;

/// <summary>
/// Uploads that are sent to the container of the artifacts, each with a shared access signature (SAS) for one blob. It may create that blob, and
/// neither change nor read it: a second Put Blob is refused, and blocks cannot be staged. It is signed with the account's key where there is one
/// and with a user delegation key of the host's identity otherwise.
/// </summary>
public sealed class BlobUploads : IUploadStore
{
    // "Put Blob": what one request may have since version 2019-12-12 of the service, 5,000 MiB.
    private const long MostBytesOfRequest = 5_000L << 20;

    // The client asks for the time from which a key is valid; what its clock is ahead of the account's must not make it one of the future.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    private readonly BlobServiceClient _account;
    private readonly BlobContainerClient _container;
    private readonly TimeProvider _time;

    /// <summary>Prepares the adapter; nothing is asked of the account yet.</summary>
    /// <param name="account">The account.</param>
    /// <param name="container">The container of the artifacts.</param>
    /// <param name="time">The clock.</param>
    public BlobUploads(AzureStorageAccount account, string container, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(account);
        (_account, _container, _time) = (account.Blobs, account.Blobs.GetBlobContainerClient(container), time);
    }

    /// <inheritdoc/>
    public long MostBytes => MostBytesOfRequest;

    /// <inheritdoc/>
    public async Task<UploadTarget> AuthoriseAsync(UploadGrant grant, string server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var blob = _container.GetBlobClient(UploadPaths.Of(grant.Id).Value);
        var signature = new BlobSasBuilder(BlobSasPermissions.Create, grant.SendBefore)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        var url = blob.CanGenerateSasUri
            ? blob.GenerateSasUri(signature)
            : blob.GenerateUserDelegationSasUri(signature, await KeyAsync(grant.SendBefore, cancellationToken));
        return new UploadTarget(
            "PUT", url.AbsoluteUri, new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob", ["If-None-Match"] = "*" });
    }

    /// <inheritdoc/>
    public Task ReceiveAsync(string id, string? token, long? length, Stream content, CancellationToken cancellationToken) =>
        throw new TalkException(
            ErrorCode.UploadForbidden, "This server takes no uploads itself. Send it to the url that POST /api/uploads answered with, all of it.");

    private Task<UserDelegationKey> KeyAsync(DateTimeOffset until, CancellationToken cancellationToken) => AzureErrors.GuardAsync(
        _account.Uri,
        async () => (await _account.GetUserDelegationKeyAsync(
            new BlobGetUserDelegationKeyOptions(until) { StartsOn = _time.GetUtcNow() - ClockDifference }, cancellationToken)).Value,
        cancellationToken);
}
