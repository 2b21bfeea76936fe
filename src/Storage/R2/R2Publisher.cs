using System.Net;
using System.Runtime.ExceptionServices;
using Amazon.S3;
using Amazon.S3.Model;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Publishing;

namespace WanTalk.Storage.R2;

/// <summary>
/// Publishes into a bucket of Cloudflare R2, or of another server of its S3 API. Nothing holds a video: a small one is sent as it is read, of
/// a larger one a part is in memory. Size and hashes are looked at afterwards, and an object that is not what was sent is removed.
/// </summary>
public sealed class R2Publisher : IPublisher, IDisposable
{
    /// <summary>How often an upload is begun anew when others end it.</summary>
    private const int MostUploads = 3;

    // A week, but for the seconds by which the client may find the server's clock to be behind.
    private static readonly TimeSpan _longestSigned = TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1);

    private readonly R2Bucket _bucket;

    /// <summary>Prepares the client. Nothing is asked of the server yet.</summary>
    /// <param name="options">The bucket, and how it is used.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public R2Publisher(R2Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _bucket = new R2Bucket(options, time);
    }

    /// <summary>The bucket's address.</summary>
    public Uri Address => Options.Address;

    private R2Options Options => _bucket.Options;

    /// <inheritdoc/>
    public bool ServesPlayers => true;

    /// <inheritdoc/>
    public void Dispose() => _bucket.Dispose();

    /// <summary>Finds out whether the bucket can be read, listed and written, and leaves nothing in it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.StorageUnavailable"/>: it cannot, and what to change.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        const string Key = "wantalk-check";
        await _bucket.AskAsync(
            (s3, watch) => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Options.Bucket, MaxKeys = 1 }, watch.Token),
            cancellationToken);
        var begun = await _bucket.AskAsync(
            (s3, watch) => s3.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = Options.Bucket, Key = Key }, watch.Token),
            cancellationToken);
        await _bucket.AskAsync(
            (s3, watch) => s3.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = Options.Bucket, Key = Key, UploadId = begun.UploadId }, watch.Token),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Uri> PublishAsync(
        string key, Func<CancellationToken, Task<Stream>> content, long bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var video = new R2Object(new ArtifactPath(key).Value, bytes);
        if (!await IsThereAsync(video, cancellationToken))
        {
            await StoreAsync(video, content, cancellationToken);
        }

        return AddressOf(video);
    }

    /// <inheritdoc/>
    /// <remarks>Only a bucket that everybody can read has an address that stays; a signed one ends.</remarks>
    public async Task<Uri?> PublishPlaylistAsync(string key, string playlist, int state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(playlist);
        if (Options.PublicUrl is not { } open)
        {
            return null;
        }

        await new R2Playlist(_bucket, new ArtifactPath(key).Value).ReplaceAsync(playlist, state, cancellationToken);
        return AddressIn(open, key);
    }

    private async Task StoreAsync(R2Object video, Func<CancellationToken, Task<Stream>> content, CancellationToken cancellationToken)
    {
        if (video.Bytes <= Options.SinglePutBytes)
        {
            await VerifyAsync(video, await PutAsync(video, content, cancellationToken), cancellationToken);
            return;
        }

        for (var uploads = 0; uploads < MostUploads; uploads++)
        {
            await using var stream = new PublishedContent(await content(cancellationToken), video.Key, video.Bytes);
            if (await new R2Upload(_bucket, video).TrySendAsync(stream, cancellationToken) is { } etag)
            {
                await VerifyAsync(video, etag, cancellationToken);
                return;
            }

            if (await IsThereAsync(video, cancellationToken))
            {
                return;
            }
        }

        throw new TalkException(ErrorCode.StorageUnavailable,
            $"Somebody ended each upload of {video.Key} to {Address} before its end. Look who else writes there, and go on.");
    }

    /// <summary>Sends the whole in one request; each further try opens the content again.</summary>
    /// <returns>The MD5 of what was sent; null when an earlier try, whose answer was lost, had succeeded.</returns>
    private async Task<string?> PutAsync(
        R2Object video, Func<CancellationToken, Task<Stream>> content, CancellationToken cancellationToken)
    {
        var tries = 0;
        try
        {
            return await _bucket.AskAsync(
                async (s3, watch) =>
                {
                    if (tries++ > 0 && await FindAsync(s3, video, watch) is { } stored && video.Is(stored))
                    {
                        return null;
                    }

                    return await PutOnceAsync(s3, watch, video, content);
                },
                cancellationToken);
        }
        catch (ContentException broken)
        {
            ExceptionDispatchInfo.Throw(broken.InnerException!);
            throw;
        }
    }

    private async Task<string?> PutOnceAsync(
        IAmazonS3 s3, NetworkWatch watch, R2Object video, Func<CancellationToken, Task<Stream>> content)
    {
        await using var stream = new PublishedContent(await OpenAsync(content, watch.Token), video.Key, video.Bytes);
        await using var body = new RequestBody(stream, video.Bytes, watch);
        try
        {
            var stored = await s3.PutObjectAsync(video.Put(Options.Bucket, body), watch.Token);
            ETag.Check(stored.ETag, body.Md5());
            return body.Md5();
        }
        catch
        {
            body.ThrowFailure();
            throw;
        }
    }

    private static async Task<Stream> OpenAsync(Func<CancellationToken, Task<Stream>> content, CancellationToken cancellationToken)
    {
        try
        {
            return await content(cancellationToken);
        }
        catch (Exception failure)
        {
            throw new ContentException(failure);
        }
    }

    /// <summary>Looks at what is there now, and removes it when it is something else than what was sent.</summary>
    private async Task VerifyAsync(R2Object video, string? etag, CancellationToken cancellationToken)
    {
        var stored = await _bucket.AskAsync((s3, watch) => FindAsync(s3, video, watch), cancellationToken);
        try
        {
            if (stored is null || !video.Is(stored))
            {
                throw new R2DamageException($"has something else under {video.Key} than what was sent: {stored?.ContentLength ?? 0} bytes");
            }

            if (etag is not null)
            {
                ETag.Check(stored.ETag, etag);
            }
        }
        catch (R2DamageException damaged)
        {
            await _bucket.AskAsync(
                (s3, watch) => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Options.Bucket, Key = video.Key }, watch.Token),
                cancellationToken);
            throw R2Errors.Translate(damaged, Address)!;
        }
    }

    private async Task<bool> IsThereAsync(R2Object video, CancellationToken cancellationToken) =>
        await _bucket.AskAsync((s3, watch) => FindAsync(s3, video, watch), cancellationToken) is { } stored && video.Is(stored);

    private async Task<GetObjectMetadataResponse?> FindAsync(IAmazonS3 s3, R2Object video, NetworkWatch watch)
    {
        try
        {
            return await s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = Options.Bucket, Key = video.Key }, watch.Token);
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static Uri AddressIn(Uri open, string key) => new($"{open.AbsoluteUri.TrimEnd('/')}/{key}");

    private Uri AddressOf(R2Object video) => Options.PublicUrl is { } open
        ? AddressIn(open, video.Key)
        : new Uri(_bucket.Client.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = Options.Bucket,
            Key = video.Key,
            Verb = HttpVerb.GET,
            Protocol = Options.Endpoint.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
            Expires = _bucket.Now.UtcDateTime + (Options.SignedUrlLifetime < _longestSigned ? Options.SignedUrlLifetime : _longestSigned),
        }));
}
