using System.Buffers;
using System.Buffers.Binary;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace WanTalk.Storage.Azure;

/// <summary>
/// One write of one blob. A write bears a mark of its own in the blob's metadata and in the ids of its blocks, which tells it from others:
/// <list type="bullet">
/// <item>An answer may be lost. The request that the client then repeats is refused because the blob exists; the mark says that it is
/// ours, and that we have won.</item>
/// <item>Whoever commits a blob throws away the blocks that others have sent for it. A create-only write has lost then; a replacing one
/// was as good as written just before the other's.</item>
/// </list>
/// </summary>
internal sealed class BlobWriter(BlockBlobClient blob, int blockBytes)
{
    private const string MarkName = "wantalk_write";

    private static readonly UploadTransferValidationOptions _checked = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };

    private readonly Guid _mark = Guid.NewGuid();

    private Dictionary<string, string> Metadata => new() { [MarkName] = _mark.ToString("n") };

    /// <summary>Writes the blob if it does not exist.</summary>
    /// <returns>False when it existed, or another writer was faster.</returns>
    internal async Task<bool> TryCreateAsync(Stream content, CancellationToken cancellationToken)
    {
        var conditions = new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            return await SendAsync(content, conditions, async () => await FindAsync(cancellationToken) is null, cancellationToken);
        }
        catch (RequestFailedException taken) when (IsTaken(taken))
        {
            return IsOurs(await FindAsync(cancellationToken));
        }
        catch (RequestFailedException lost) when (AreBlocksGone(lost))
        {
            return await FindAsync(cancellationToken) is { } winner ? IsOurs(winner) : throw BlocksGone(lost);
        }
    }

    /// <summary>Writes the blob, replacing what was there.</summary>
    internal async Task WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        ETag? before = null;
        try
        {
            await SendAsync(
                content,
                conditions: null,
                async () =>
                {
                    before = (await FindAsync(cancellationToken))?.ETag;
                    return true;
                },
                cancellationToken);
        }
        catch (RequestFailedException lost) when (AreBlocksGone(lost))
        {
            if (await FindAsync(cancellationToken) is not { } winner || winner.ETag == before)
            {
                throw BlocksGone(lost);
            }
        }
    }

    /// <param name="content">What to send.</param>
    /// <param name="conditions">When it may count.</param>
    /// <param name="beforeBlocks">Is asked before the first of several blocks; false gives up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<bool> SendAsync(
        Stream content, BlobRequestConditions? conditions, Func<Task<bool>> beforeBlocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var buffer = ArrayPool<byte>.Shared.Rent(blockBytes);
        var count = await FillAsync(content, buffer, cancellationToken);
        var sent = count < blockBytes && await TrySendWholeAsync(buffer, count, conditions, cancellationToken);
        if (!sent && await beforeBlocks())
        {
            await SendBlocksAsync(content, buffer, count, conditions, cancellationToken);
            sent = true;
        }

        // Not after a failure: a request that was given up may still be reading it.
        ArrayPool<byte>.Shared.Return(buffer);
        return sent;
    }

    private async Task SendBlocksAsync(
        Stream content, byte[] buffer, int count, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        var blocks = new List<string>();
        while (count > 0)
        {
            blocks.Add(await SendBlockAsync(blocks.Count, buffer, count, cancellationToken));
            count = count < blockBytes ? 0 : await FillAsync(content, buffer, cancellationToken);
        }

        var options = new CommitBlockListOptions { Conditions = conditions, Metadata = Metadata };
        await GuardAsync(() => blob.CommitBlockListAsync(blocks, options, cancellationToken), cancellationToken);
    }

    // The rented buffer may be longer than a block. The content's own errors are its own, and not translated.
    private async Task<int> FillAsync(Stream content, byte[] buffer, CancellationToken cancellationToken) =>
        await content.ReadAtLeastAsync(buffer.AsMemory(0, blockBytes), blockBytes, throwOnEndOfStream: false, cancellationToken);

    /// <summary>Sends the whole in one request.</summary>
    /// <returns>
    /// False when what is in the way is not a blob but blocks that another writer has not committed, and perhaps never will: Azurite takes
    /// them for a blob here. A commit gets past them.
    /// </returns>
    private async Task<bool> TrySendWholeAsync(
        byte[] bytes, int count, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(bytes, 0, count, writable: false);
        var options = new BlobUploadOptions { Conditions = conditions, Metadata = Metadata, TransferValidation = _checked };
        try
        {
            await GuardAsync(() => blob.UploadAsync(body, options, cancellationToken), cancellationToken);
            return true;
        }
        catch (RequestFailedException taken) when (IsTaken(taken))
        {
            if (await FindAsync(cancellationToken) is not null)
            {
                throw;
            }

            return false;
        }
    }

    private async Task<string> SendBlockAsync(int number, byte[] bytes, int count, CancellationToken cancellationToken)
    {
        var id = IdOf(number);
        using var body = new MemoryStream(bytes, 0, count, writable: false);
        var options = new BlockBlobStageBlockOptions { TransferValidation = _checked };
        await GuardAsync(() => blob.StageBlockAsync(id, body, options, cancellationToken), cancellationToken);
        return id;
    }

    // The ids of all blocks of a blob have the same length, and those of two writers never meet.
    private string IdOf(int number)
    {
        Span<byte> id = stackalloc byte[20];
        _mark.TryWriteBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id[16..], number);
        return Convert.ToBase64String(id);
    }

    private async Task<BlobProperties?> FindAsync(CancellationToken cancellationToken) => await GuardAsync<BlobProperties?>(
        async () =>
        {
            try
            {
                return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == "BlobNotFound")
            {
                return null;
            }
        },
        cancellationToken);

    private bool IsOurs(BlobProperties? found) =>
        found is not null && found.Metadata.TryGetValue(MarkName, out var mark) && mark == _mark.ToString("n");

    private static bool IsTaken(RequestFailedException failure) => failure.ErrorCode is "BlobAlreadyExists" or "ConditionNotMet";

    private static bool AreBlocksGone(RequestFailedException failure) => failure.ErrorCode is "InvalidBlockList" or "InvalidBlockId";

    private IOException BlocksGone(RequestFailedException failure) =>
        new($"The first blocks of {blob.Name} were lost before the last was sent. Write it again.", failure);

    private Task<T> GuardAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken) =>
        AzureErrors.GuardAsync(blob.Uri, request, cancellationToken, failure => IsTaken(failure) || AreBlocksGone(failure));
}
