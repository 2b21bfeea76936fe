using System.Net;
using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Uploads;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Tests.Azure;

namespace WanTalk.Storage.Tests.Uploads;

/// <summary>Uploads that are sent to an account, here with its key; with an identity they are in <see cref="IdentitySpecs"/>.</summary>
public sealed class BlobUploadsSpecs(AzuriteFixture azurite) : UploadStoreContract, IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private BlobArtifactStore _artifacts = null!;
    private BlobUploads _uploads = null!;

    protected override IUploadStore Uploads => _uploads;

    protected override IArtifactStore Artifacts => _artifacts;

    protected override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        var account = (await azurite.Server).Account();
        _artifacts = await account.NewStoreAsync(TestEnd);
        _uploads = new BlobUploads(account, _artifacts.Container, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_address_neither_reads_nor_deletes_nor_stages_blocks_nor_lists()
    {
        var (id, target) = await AuthoriseAsync();
        Assert.True(await SendAsync(target, [1, 2, 3]));

        foreach (var (method, more) in new[]
        {
            (HttpMethod.Get, ""), (HttpMethod.Head, ""), (HttpMethod.Delete, ""), (HttpMethod.Put, "&comp=block&blockid=QUFB"), (HttpMethod.Put, "&comp=metadata"),
        })
        {
            using var request = new HttpRequestMessage(method, target.Url + more) { Content = method == HttpMethod.Put ? new ByteArrayContent([9]) : null };
            using var answer = await _http.SendAsync(request, TestEnd);
            Assert.Equal((HttpStatusCode.Forbidden, more), (answer.StatusCode, more));
        }

        using var list = await _http.GetAsync($"{_artifacts.Address}?restype=container&comp=list&{target.Url.Split('?')[1]}", TestEnd);
        Assert.Equal(HttpStatusCode.Forbidden, list.StatusCode);
        Assert.Equal((byte[])[1, 2, 3], await ReadAsync(id));
    }

    protected override async Task<bool> SendAsync(UploadTarget target, byte[] content, long? length = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(target.Method), target.Url) { Content = new StreamContent(new MemoryStream(content)) };
        request.Content.Headers.ContentLength = length ?? content.Length;
        foreach (var (name, value) in target.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await _http.SendAsync(request, TestEnd);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It broke off.
            return false;
        }
    }
}
