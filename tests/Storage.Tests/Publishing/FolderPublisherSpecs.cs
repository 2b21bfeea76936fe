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

    protected override Task<byte[]> GetAsync(Uri address) => File.ReadAllBytesAsync(address.LocalPath, TestEnd);

    protected override Task<IReadOnlyList<string>> KeysAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.Path, file))]);
}
