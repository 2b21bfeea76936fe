using System.Security.Cryptography;
using System.Text.RegularExpressions;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Uploads;
using WanTalk.Storage.Local;

namespace WanTalk.Storage.Tests.Uploads;

/// <summary>Uploads that are sent to this server; that they come over HTTP is for the API's tests.</summary>
public sealed partial class ServerUploadsSpecs : UploadStoreContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly FolderArtifactStore _artifacts;
    private readonly ServerUploads _uploads;

    public ServerUploadsSpecs()
    {
        _artifacts = new FolderArtifactStore(_folder.Path, TimeProvider.System);
        _uploads = new ServerUploads(_artifacts, RandomNumberGenerator.GetBytes(32), TimeProvider.System);
    }

    protected override IUploadStore Uploads => _uploads;

    protected override IArtifactStore Artifacts => _artifacts;

    protected override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task More_than_is_allowed_is_refused_whether_it_is_said_or_not()
    {
        var (id, target) = await AuthoriseAsync(maxBytes: 1_000);

        Assert.Equal(ErrorCode.RequestTooLarge, await RefusalOfAsync(target, new byte[1_001], 1_001));
        Assert.Equal(ErrorCode.RequestTooLarge, await RefusalOfAsync(target, new byte[1_001], null));
        Assert.Null(await ReadAsync(id));
        Assert.Null(await RefusalOfAsync(target, new byte[1_000], null));
        Assert.Equal(ErrorCode.UploadSent, await RefusalOfAsync(target, new byte[1_000], 1_000));
    }

    [Fact]
    public async Task While_it_is_sent_it_is_not_taken_from_another()
    {
        var (id, target) = await AuthoriseAsync();
        var halfway = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var slow = new Children.HaltingStream(Bytes.Of(7, 500_000), () =>
        {
            halfway.TrySetResult();
            return goOn.Task;
        });
        var (name, token) = PartsOf(target);
        var first = _uploads.ReceiveAsync(name, token, 500_000, slow, TestEnd);
        await halfway.Task;

        Assert.Equal(ErrorCode.UploadSent, await RefusalOfAsync(target, [1], 1));

        goOn.SetResult();
        await first;
        Assert.Equal(500_000, (await ReadAsync(id))!.Length);
    }

    protected override async Task<bool> SendAsync(UploadTarget target, byte[] content, long? length = null) =>
        await RefusalOfAsync(target, content, length ?? content.Length) is null;

    private static (string Id, string Token) PartsOf(UploadTarget target)
    {
        var parts = Parts().Match(target.Url);
        return (Uri.UnescapeDataString(parts.Groups["id"].Value), parts.Groups["token"].Value);
    }

    private async Task<ErrorCode?> RefusalOfAsync(UploadTarget target, byte[] content, long? length)
    {
        var (id, token) = PartsOf(target);
        using var stream = new MemoryStream(content);
        try
        {
            await _uploads.ReceiveAsync(id, token, length, stream, TestEnd);
            return null;
        }
        catch (TalkException refused)
        {
            return refused.Error.Code;
        }
    }

    [GeneratedRegex(@"^http://127\.0\.0\.1:7071/api/uploads/(?<id>[^?]*)\?(token=(?<token>.*))?$")]
    private static partial Regex Parts();
}
