using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Records;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Local;
using WanTalk.Storage.Tests.Azure;

namespace WanTalk.Storage.Tests.Records;

/// <summary>The contract, kept by SQLite.</summary>
public sealed class SqliteRecordStoreSpecs : RecordStoreContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly SqliteRecordStore _store;

    public SqliteRecordStoreSpecs() => _store = new SqliteRecordStore(Path.Combine(_folder.Path, "index.db"));

    protected override IRecordStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Records_are_there_after_a_restart()
    {
        await _store.TryWriteAsync(new ArtifactPath("a/b"), new byte[] { 7 }, null, TestEnd);
        using var again = new SqliteRecordStore(Path.Combine(_folder.Path, "index.db"));
        Assert.Equal([7], (await again.ReadAsync(new ArtifactPath("a/b"), TestEnd))!.Content.ToArray());
    }
}

/// <summary>The contract, kept by Azure's blobs.</summary>
public sealed class BlobRecordStoreSpecs(AzuriteFixture azurite) : RecordStoreContract, IAsyncLifetime
{
    private BlobRecordStore? _store;

    protected override IRecordStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        var server = await azurite.Server;
        _store = new BlobRecordStore(server.Account(), (await server.NewStoreAsync(TestEnd)).Container);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
