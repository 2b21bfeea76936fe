using WanTalk.Core.Publishing;
using WanTalk.Radosgw;
using WanTalk.Storage.R2;
using WanTalk.Storage.Tests.R2;

namespace WanTalk.Storage.Tests.Publishing;

/// <summary>The contract, kept by a bucket that everybody can read.</summary>
/// <param name="radosgw">The server.</param>
/// <param name="inParts">Whether each video is sent in parts, however small it is.</param>
public abstract class R2PublisherContract(RadosgwFixture radosgw, bool inParts) : PublisherContract, IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private RadosgwServer _server = null!;
    private string _bucket = null!;
    private R2Publisher _publisher = null!;

    protected override IPublisher Publisher => _publisher;

    public async ValueTask InitializeAsync()
    {
        _server = await radosgw.Server;
        _bucket = await _server.NewBucketAsync(isOpen: true, TestEnd);

        // While one of several that publish the same completes their upload, the others are told to come again, however long that takes.
        _publisher = new R2Publisher(_server.Options(_bucket, isOpen: true, inParts: inParts, maxRetries: 20), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(await _server.UploadsAsync(_bucket, CancellationToken.None));
        _publisher.Dispose();
        _http.Dispose();
    }

    protected override Task<byte[]> GetAsync(Uri address) => _http.GetByteArrayAsync(address, TestEnd);

    protected override Task<IReadOnlyList<string>> KeysAsync() => _server.KeysAsync(_bucket, TestEnd);
}

/// <summary>Videos in one request.</summary>
public sealed class R2PublisherContractSpecs(RadosgwFixture radosgw) : R2PublisherContract(radosgw, inParts: false);

/// <summary>Videos in parts, of which a small one has one.</summary>
public sealed class R2PublisherInPartsContractSpecs(RadosgwFixture radosgw) : R2PublisherContract(radosgw, inParts: true);
