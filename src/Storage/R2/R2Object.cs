using Amazon.S3.Model;

namespace WanTalk.Storage.R2;

/// <summary>What an object is to be: its key, its content, and what players and caches are told of it.</summary>
/// <param name="Key"><c>{talk}/{sha256}.mp4</c>.</param>
/// <param name="Bytes">The content's size.</param>
internal sealed record R2Object(string Key, long Bytes)
{
    private const string Forever = "public, max-age=31536000, immutable";
    private const string Playlist = ".m3u8";

    /// <summary>The content's SHA-256 in lower-case hexadecimal, as its key says.</summary>
    public string Sha256 => Path.GetFileNameWithoutExtension(Key);

    private string Extension => Path.GetExtension(Key);

    private string ContentType => Extension switch
    {
        ".mp4" or ".m4v" => "video/mp4",
        ".m4s" => "video/iso.segment",
        Playlist => "application/vnd.apple.mpegurl",
        ".webm" => "video/webm",
        ".mkv" => "video/x-matroska",
        ".mov" => "video/quicktime",
        ".gif" => "image/gif",
        ".png" => "image/png",
        ".webp" => "image/webp",
        _ => "application/octet-stream",
    };

    // A key says its content's hash and is never used for another; a playlist grows.
    private string CacheControl => Extension == Playlist ? "no-cache" : Forever;

    // Players show it; who saves it gets the talk's name.
    private string Disposition => $"inline; filename=\"{Key.Split('/')[0]}{Extension}\"";

    /// <summary>A request for the whole.</summary>
    public PutObjectRequest Put(string bucket, Stream body)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = Key,
            InputStream = body,
            ContentType = ContentType,
            UseChunkEncoding = false,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
        };
        request.Headers.ContentLength = Bytes;
        Describe(request.Headers, request.Metadata);
        return request;
    }

    /// <summary>A request that begins an upload in parts.</summary>
    public InitiateMultipartUploadRequest Initiate(string bucket)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = bucket, Key = Key, ContentType = ContentType };
        Describe(request.Headers, request.Metadata);
        return request;
    }

    /// <summary>Whether an object of that key is this one.</summary>
    public bool Is(GetObjectMetadataResponse stored) =>
        stored.ContentLength == Bytes && stored.Metadata[R2Client.HashMetadata] == Sha256;

    private void Describe(HeadersCollection headers, MetadataCollection metadata)
    {
        headers.CacheControl = CacheControl;
        headers.ContentDisposition = Disposition;
        metadata[R2Client.HashMetadata] = Sha256;
    }
}
