using WanTalk.Core.Errors;
using WanTalk.Core.Publishing;
using WanTalk.Storage.Local;

namespace WanTalk.Storage.Tests.Publishing;

/// <summary>The contract, kept by a folder of the machine.</summary>
public sealed class FolderPublisherSpecs : PublisherContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public FolderPublisherSpecs() => Publisher = new FolderPublisher(_folder.Path, TimeProvider.System);

    protected override IPublisher Publisher { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_lies_there_with_another_size_is_replaced()
    {
        var video = Video(1, 1000);
        var file = Path.Combine(_folder.Path, KeyOf(video));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, [1, 2, 3], TestEnd);

        Assert.Equal(video, await GetAsync(await PublishAsync(video)));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_named_and_nothing_is_wrong_with_the_talk()
    {
        Directory.Delete(_folder.Path, recursive: true);
        await File.WriteAllTextAsync(_folder.Path, "", TestEnd);

        var failure = await Assert.ThrowsAsync<TalkException>(() => PublishAsync(Video(1, 1000)));

        Assert.Equal(ErrorCode.DeliveryFailed, failure.Error.Code);
        Assert.Contains(_folder.Path, failure.Error.Message, StringComparison.Ordinal);
        var opening = Assert.Throws<TalkException>(() => new FolderPublisher(_folder.Path, TimeProvider.System));
        Assert.Equal(ErrorCode.DeliveryFailed, opening.Error.Code);
        File.Delete(_folder.Path);
        Directory.CreateDirectory(_folder.Path);
        await PublishAsync(Video(1, 1000));
    }

    protected override Task<byte[]> GetAsync(Uri address) => File.ReadAllBytesAsync(address.LocalPath, TestEnd);

    protected override Task<IReadOnlyList<string>> KeysAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.Path, file))]);
}
