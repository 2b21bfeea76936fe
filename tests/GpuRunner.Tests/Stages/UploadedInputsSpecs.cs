using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.GpuRunner.Stages;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Stages;

/// <summary>What prepare makes of inputs that are uploads.</summary>
public sealed class UploadedInputsSpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-uploaded-");
    private readonly FolderArtifactStore _store;
    private readonly (string Portrait, string Speech) _uploads = (UploadId.New(DateTimeOffset.UnixEpoch), UploadId.New(DateTimeOffset.UnixEpoch));

    public UploadedInputsSpecs() => _store = new FolderArtifactStore(_folder.FullName, TimeProvider.System);

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private static TalkPaths Paths { get; } = new("0123456789");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task They_are_copied_once_so_that_a_retry_works_when_they_are_gone()
    {
        await WriteAsync(_uploads.Portrait, [1, 2]);
        await WriteAsync(_uploads.Speech, [3, 4, 5]);
        await StoreAsync();
        await _store.DeleteFolderAsync(UploadPaths.Folder, TestEnd);
        await StoreAsync();

        Assert.Equal([1, 2], await ReadAsync(Paths.SourcePortrait));
        Assert.Equal([3, 4, 5], await ReadAsync(Paths.SourceSpeech));
    }

    [Fact]
    public async Task One_that_is_gone_before_ends_the_talk_and_says_so()
    {
        await WriteAsync(_uploads.Portrait, [1, 2]);

        var refused = await Assert.ThrowsAsync<TalkException>(StoreAsync);

        Assert.Equal(ErrorCode.UploadExpired, refused.Error.Code);
        Assert.Contains("speech", refused.Error.Message, StringComparison.Ordinal);
    }

    private Task StoreAsync() => new UploadedInputs(_store).StoreAsync(
        new TalkRequest
        {
            Id = "0123456789",
            CreatedAt = DateTimeOffset.UnixEpoch,
            PortraitName = "portrait",
            SpeechName = "speech",
            PortraitUpload = _uploads.Portrait,
            SpeechUpload = _uploads.Speech,
            RequestedSize = FrameSize.Default,
            EffectiveSize = FrameSize.Default,
            Seed = 1,
            Prompt = "",
            Warnings = [],
        },
        Paths,
        TestEnd);

    private async Task WriteAsync(string upload, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await _store.WriteAsync(UploadPaths.Of(upload), stream, TestEnd);
    }

    private async Task<byte[]> ReadAsync(ArtifactPath path)
    {
        await using var content = await _store.OpenReadAsync(path, TestEnd);
        using var bytes = new MemoryStream();
        await content!.CopyToAsync(bytes, TestEnd);
        return bytes.ToArray();
    }
}
