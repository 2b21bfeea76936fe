using System.Security.Cryptography;
using WanTalk.Radosgw;
using WanTalk.Storage.R2;

namespace WanTalk.Storage.Tests.R2;

/// <summary>A closed bucket on a server that checks signatures, over a network that does what it should not.</summary>
public abstract class R2Bed(RadosgwFixture radosgw) : IAsyncLifetime
{
    protected const int LargeBytes = (2 * R2Buckets.PartBytes) + 1_000_000;

    private RadosgwServer? _server;
    private BadNetwork? _network;

    /// <summary>A video of three parts.</summary>
    protected static byte[] Large { get; } = RandomBytes(1, LargeBytes);

    /// <summary>A video that is sent in one request.</summary>
    protected static byte[] Small { get; } = RandomBytes(2, 300_000);

    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    protected HttpClient Http { get; } = new();

    protected RadosgwServer Server => _server!;

    protected BadNetwork Network => _network!;

    protected string Bucket { get; private set; } = "";

    /// <summary>How often a content was opened.</summary>
    protected int Opened { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _server = await radosgw.Server;
        _network = new BadNetwork(_server.Port);
        Bucket = await _server.NewBucketAsync(isOpen: false, TestEnd);
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        Http.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected static string Sha256Of(byte[] video) => Convert.ToHexStringLower(SHA256.HashData(video));

    protected static string KeyOf(byte[] video) => $"t1/{Sha256Of(video)}.mp4";

    protected R2Publisher Publisher(int maxRetries = 4) => new(Server.Options(Bucket, Network.Url, maxRetries), TimeProvider.System);

    protected Task<Uri> PublishAsync(R2Publisher publisher, byte[] video)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        return publisher.PublishAsync(
            KeyOf(video),
            _ =>
            {
                Opened++;
                return Task.FromResult<Stream>(new MemoryStream(video, writable: false));
            },
            video.Length,
            TestEnd);
    }
}
