using WanTalk.Radosgw;
using WanTalk.Storage.R2;

namespace WanTalk.Storage.Tests.R2;

/// <summary>Publishers for one test each on an S3 server.</summary>
internal static class R2Buckets
{
    internal const int PartBytes = 5 * 1024 * 1024;

    /// <summary>How the tests publish: in parts as soon as there is more than one part, and with little patience.</summary>
    /// <param name="server">The server.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="through">The address of a network before the server.</param>
    /// <param name="maxRetries">How often a request is made again.</param>
    /// <param name="isOpen">Whether callers get the bucket's own address instead of signed ones.</param>
    /// <param name="inParts">Whether even what has one part is sent in parts.</param>
    /// <param name="secret">Another secret than the server's.</param>
    internal static R2Options Options(
        this RadosgwServer server, string bucket, Uri? through = null, int maxRetries = 4, bool isOpen = false, bool inParts = false,
        string? secret = null) => new()
        {
            Endpoint = through ?? server.Url,
            AccessKeyId = server.AccessKey,
            SecretAccessKey = secret ?? server.SecretKey,
            Bucket = bucket,
            PublicUrl = isOpen ? new Uri(server.Url, bucket) : null,
            SinglePutBytes = inParts ? 0 : PartBytes,
            PartBytes = PartBytes,
            MaxRetries = maxRetries,
            RetryDelay = TimeSpan.FromMilliseconds(50),
            LongestRetryDelay = TimeSpan.FromSeconds(1),
        };
}
