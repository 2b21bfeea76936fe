using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Tests.Artifacts;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>The contract, kept by Azure's blobs. Blocks are as small as they may be, so that the larger contents take several.</summary>
public sealed class BlobArtifactStoreSpecs(AzuriteFixture azurite) : ArtifactStoreContract, IAsyncLifetime
{
    private BlobArtifactStore? _store;

    protected override IArtifactStore Store => _store!;

    private protected override async Task<ChildProcess> StartChildAsync(string command, params string[] arguments) => ChildProcess.Start(
        new Dictionary<string, string> { [AzureStorageOptions.ConnectionStringVariable] = (await azurite.Server).ConnectionString },
        [command, $"azure:{_store!.Container}", .. arguments]);

    public async ValueTask InitializeAsync() => _store = await (await azurite.Server).NewStoreAsync(TestEnd);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_name_may_be_an_artifact_and_a_folder_at_once()
    {
        await WriteAsync("talks/t1", [1]);
        await WriteAsync("talks/t1/a", [2]);
        await Store.DeleteFolderAsync(new("talks/t1"), TestEnd);

        Assert.Equal(["talks/t1"], await ListAsync("talks"));
    }

    [Fact]
    public async Task Somebody_elses_blob_under_a_name_that_no_artifact_has_is_not_listed()
    {
        await WriteAsync("talks/a", [1]);
        var server = await azurite.Server;
        using var content = Bytes.Of(1, 1);
        await server.ContainerOf(_store!).UploadBlobAsync("talks/Notes (old).txt", content, TestEnd);

        Assert.Equal(["talks/a"], await ListAsync("talks"));
    }
}
