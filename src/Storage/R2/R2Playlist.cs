using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using WanTalk.Core.Errors;
using WanTalk.Core.Streaming;

namespace WanTalk.Storage.R2;

/// <summary>
/// A playlist in a bucket, which is replaced as it grows. Several runners write it: each looks what is there, and replaces exactly that
/// (<c>If-Match</c>, <c>If-None-Match: *</c>), or looks again when another was faster. So it never goes back, however late a request arrives.
/// </summary>
internal sealed class R2Playlist(R2Bucket bucket, string key)
{
    /// <summary>The metadata that says how many segments it lists.</summary>
    private const string StateMetadata = "state";

    /// <summary>How often another may be faster: each time the playlist has grown.</summary>
    private const int MostReplacements = 50;

    /// <summary>Replaces what is there, unless it is as new.</summary>
    internal async Task ReplaceAsync(string text, int state, CancellationToken cancellationToken)
    {
        string? refused = null;
        for (var tries = 0; tries < MostReplacements; tries++)
        {
            var there = await bucket.AskAsync(FindAsync, cancellationToken);
            if (there is not null && StateOf(there) >= state)
            {
                return;
            }

            // Ceph knows its tags without their quotation marks only: who is refused though nothing has changed leaves them out.
            var tag = there?.ETag is { } same && same == refused ? ETag.Unquoted(same) : there?.ETag;
            if (await bucket.AskAsync((s3, watch) => TryPutAsync(s3, watch, text, state, tag), cancellationToken))
            {
                return;
            }

            refused = there?.ETag;
        }

        throw new TalkException(ErrorCode.StorageUnavailable, $"Somebody else keeps replacing {key} in {bucket.Options.Address}. Look who writes there.");
    }

    /// <returns>False when something else is there by now.</returns>
    private async Task<bool> TryPutAsync(IAmazonS3 s3, NetworkWatch watch, string text, int state, string? etag)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var body = new MemoryStream(bytes, writable: false);
        var request = new PutObjectRequest
        {
            BucketName = bucket.Options.Bucket,
            Key = key,
            InputStream = body,
            ContentType = StreamPlaylists.MediaType,
            UseChunkEncoding = false,
            IfMatch = etag,
            IfNoneMatch = etag is null ? "*" : null,
        };
        request.Headers.CacheControl = "no-cache";
        request.Metadata[R2Client.HashMetadata] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        request.Metadata[StateMetadata] = state.ToString(CultureInfo.InvariantCulture);
        try
        {
            await s3.PutObjectAsync(request, watch.Token);
            return true;
        }
        catch (AmazonS3Exception other) when (other.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private static int StateOf(GetObjectMetadataResponse there) =>
        int.TryParse(there.Metadata[StateMetadata], NumberStyles.None, CultureInfo.InvariantCulture, out var state) ? state : 0;

    private async Task<GetObjectMetadataResponse?> FindAsync(IAmazonS3 s3, NetworkWatch watch)
    {
        try
        {
            return await s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket.Options.Bucket, Key = key }, watch.Token);
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
