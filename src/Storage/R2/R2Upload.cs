using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace WanTalk.Storage.R2;

/// <summary>
/// Sends a content in parts of one size, with one part in memory. A part that failed is sent again from there. An upload that somebody
/// left, killed half way, is gone on with: what it has of the same parts stays. Nothing of a given-up upload stays.
/// </summary>
internal sealed class R2Upload(R2Bucket bucket, R2Object video)
{
    private const int MostParts = 10_000;

    private static readonly TimeSpan _abortPatience = TimeSpan.FromSeconds(10);

    private readonly int _partBytes = (int)Math.Max(bucket.Options.PartBytes, (video.Bytes + MostParts - 1) / MostParts);

    private string Bucket => bucket.Options.Bucket;

    /// <summary>Sends it.</summary>
    /// <param name="content">The content, which fails when it is not what the key says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The ETag that a server gives it whose ETags are MD5s; null when the upload is gone, because another completed or aborted it.
    /// </returns>
    internal async Task<string?> TrySendAsync(Stream content, CancellationToken cancellationToken)
    {
        var (upload, there) = await BeginAsync(cancellationToken);
        try
        {
            var etag = await SendPartsAsync(upload, there, content, cancellationToken);
            await AbortAllAsync(cancellationToken);
            return etag;
        }
        catch (AmazonS3Exception gone) when (R2Errors.IsUploadGone(gone))
        {
            return null;
        }
        catch
        {
            await AbortAsync(upload);
            throw;
        }
    }

    private async Task<string> SendPartsAsync(
        string upload, IReadOnlyDictionary<int, PartDetail> there, Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[_partBytes];
        var parts = new List<PartETag>();
        var sums = new List<byte>();
        for (var left = video.Bytes; left > 0;)
        {
            var part = new ArraySegment<byte>(buffer, 0, (int)Math.Min(left, _partBytes));
            await content.ReadExactlyAsync(part, cancellationToken);
            left -= part.Count;
            var sum = Md5Of(part);
            var number = parts.Count + 1;
            var etag = there.TryGetValue(number, out var old) && IsPart(old, part.Count, sum)
                ? old.ETag
                : await SendPartAsync(upload, number, part, sum, cancellationToken);
            parts.Add(new PartETag(number, etag));
            sums.AddRange(sum);
        }

        var whole = new CompleteMultipartUploadRequest { BucketName = Bucket, Key = video.Key, UploadId = upload, PartETags = parts };
        await bucket.AskAsync((s3, watch) => s3.CompleteMultipartUploadAsync(whole, watch.Token), cancellationToken, R2Errors.IsUploadGone);
        return $"{Convert.ToHexStringLower(Md5Of([.. sums]))}-{parts.Count}";
    }

    /// <summary>Sends a part; each further try looks first whether it has arrived, and whether the upload is still there.</summary>
    private async Task<string> SendPartAsync(
        string upload, int number, ArraySegment<byte> bytes, byte[] sum, CancellationToken cancellationToken)
    {
        var tries = 0;
        return await bucket.AskAsync(
            async (s3, watch) => tries++ > 0 && await FindPartAsync(s3, watch, upload, number) is { } arrived && IsPart(arrived, bytes.Count, sum)
                ? arrived.ETag
                : await SendPartOnceAsync(s3, watch, upload, number, bytes, sum),
            cancellationToken,
            R2Errors.IsUploadGone);
    }

    private async Task<string> SendPartOnceAsync(
        IAmazonS3 s3, NetworkWatch watch, string upload, int number, ArraySegment<byte> bytes, byte[] sum)
    {
        using var body = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        var part = await s3.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = Bucket,
                Key = video.Key,
                UploadId = upload,
                PartNumber = number,
                PartSize = bytes.Count,
                InputStream = body,
                MD5Digest = Convert.ToBase64String(sum),
                UseChunkEncoding = false,
                StreamTransferProgress = (_, _) => watch.Moved(),
            },
            watch.Token);
        ETag.Check(part.ETag, Convert.ToHexStringLower(sum));
        return part.ETag;
    }

    private async Task<PartDetail?> FindPartAsync(IAmazonS3 s3, NetworkWatch watch, string upload, int number)
    {
        var page = await s3.ListPartsAsync(
            new ListPartsRequest
            {
                BucketName = Bucket,
                Key = video.Key,
                UploadId = upload,
                PartNumberMarker = Text(number - 1),
            },
            watch.Token);
        return page.Parts?.FirstOrDefault(part => part.PartNumber == number);
    }

    /// <summary>Goes on with the newest upload that was left under the key, or begins one.</summary>
    private async Task<(string Upload, IReadOnlyDictionary<int, PartDetail> Parts)> BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var left in (await ListAsync(cancellationToken)).OrderByDescending(upload => upload.Initiated))
        {
            try
            {
                return (left.UploadId, await ListPartsAsync(left.UploadId, cancellationToken));
            }
            catch (AmazonS3Exception gone) when (R2Errors.IsUploadGone(gone))
            {
                // Its owner was alive, and has just ended it.
            }
        }

        var begun = await bucket.AskAsync(
            (s3, watch) => s3.InitiateMultipartUploadAsync(video.Initiate(Bucket), watch.Token), cancellationToken);
        return (begun.UploadId, new Dictionary<int, PartDetail>());
    }

    private async Task<IReadOnlyList<MultipartUpload>> ListAsync(CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = video.Key };
        var listed = await bucket.AskAsync((s3, watch) => s3.ListMultipartUploadsAsync(request, watch.Token), cancellationToken);
        return [.. (listed.MultipartUploads ?? []).Where(upload => upload.Key == video.Key)];
    }

    private async Task<IReadOnlyDictionary<int, PartDetail>> ListPartsAsync(string upload, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<int, PartDetail>();
        var request = new ListPartsRequest { BucketName = Bucket, Key = video.Key, UploadId = upload };
        ListPartsResponse page;
        do
        {
            page = await bucket.AskAsync((s3, watch) => s3.ListPartsAsync(request, watch.Token), cancellationToken, R2Errors.IsUploadGone);
            foreach (var part in page.Parts ?? [])
            {
                parts[part.PartNumber ?? 0] = part;
            }

            request.PartNumberMarker = Text(page.NextPartNumberMarker);
        }
        while (page.IsTruncated is true);
        return parts;
    }

    /// <summary>Aborts what is left under the key when its object is there: of no use to anybody, whoever began it.</summary>
    private async Task AbortAllAsync(CancellationToken cancellationToken)
    {
        foreach (var left in await ListAsync(cancellationToken))
        {
            await AbortAsync(left.UploadId);
        }
    }

    /// <summary>Aborts an upload as well as it can: what stays is gone on with by the next try, or dropped by R2 after a week.</summary>
    private async Task AbortAsync(string upload)
    {
        using var patience = bucket.Within(_abortPatience);
        var request = new AbortMultipartUploadRequest { BucketName = Bucket, Key = video.Key, UploadId = upload };
        try
        {
            await bucket.AskAsync((s3, watch) => s3.AbortMultipartUploadAsync(request, watch.Token), patience.Token, R2Errors.IsUploadGone);
        }
        catch (Exception failure) when (R2Errors.IsUploadGone(failure) || failure is OperationCanceledException or Core.Errors.TalkException or IOException)
        {
            // The failure that is being reported says more than this one would.
        }
    }

    private static bool IsPart(PartDetail stored, int bytes, byte[] sum) =>
        stored.Size == bytes && ETag.Unquoted(stored.ETag) == Convert.ToHexStringLower(sum);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    // What S3 calls its parts; the signature has their SHA-256.
#pragma warning disable CA5351
    private static byte[] Md5Of(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
