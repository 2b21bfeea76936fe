using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Sampling;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Sampling;

/// <summary>A part of a stored file is used only if it is what was stored.</summary>
public sealed class CheckedRangeSpecs : IDisposable
{
    private const int BlockBytes = 16;
    private static readonly ArtifactPath Name = new("talks/t/conditioning/audio");
    private static readonly byte[] Content = [.. Enumerable.Range(0, 41).Select(number => (byte)number)];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-range-");
    private readonly FolderArtifactStore _store;

    public CheckedRangeSpecs() =>
        _store = new FolderArtifactStore(_folder.FullName, TimeProvider.System, new FolderArtifactStoreOptions { FlushToDisk = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Every_range_of_a_sound_file_has_the_bytes_of_the_file(int read)
    {
        var range = await StoreAsync(Content, read);
        for (var offset = 0; offset < Content.Length; offset++)
        {
            for (var length = 1; offset + length <= Content.Length; length += 3)
            {
                Assert.Equal(Content[offset..(offset + length)], await ReadAsync(range, offset, length));
            }
        }
    }

    [Fact]
    public async Task A_changed_byte_is_found_by_every_range_of_its_block_and_by_no_other()
    {
        var range = await StoreAsync(Content, 7);
        for (var at = 0; at < Content.Length; at++)
        {
            byte[] changed = [.. Content];
            changed[at] ^= 1;
            await _store.WriteAsync(Name, new MemoryStream(changed), Cancellation);
            for (var offset = 0; offset < Content.Length; offset++)
            {
                if (offset / BlockBytes == at / BlockBytes)
                {
                    await DamagedAsync(range, offset, $"its bytes from {at / BlockBytes * BlockBytes} on have changed");
                }
                else
                {
                    Assert.Equal([Content[offset]], await ReadAsync(range, offset, 1));
                }
            }
        }
    }

    [Fact]
    public async Task A_file_that_was_cut_or_is_gone_is_told()
    {
        var range = await StoreAsync(Content, 7);
        await _store.WriteAsync(Name, new MemoryStream(Content[..^1]), Cancellation);
        await DamagedAsync(range, 40, "its bytes from 32 on have changed");
        Assert.Equal([Content[31]], await ReadAsync(range, 31, 1));

        await _store.DeleteAsync(Name, Cancellation);
        await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(range, 0, 1));
    }

    [Fact]
    public async Task Conditioning_that_was_damaged_on_the_disk_is_never_sampled_from()
    {
        await using var bench = await StageBench.StartAsync("runner");
        var talk = await SampledTalk.CreateAsync(bench.HomeOf("talk"), seconds: 2, new FrameSize(128, 128));
        await bench.ConditionAsync(talk);
        var record = await talk.Store.ReadJsonAsync<ConditioningRecord>(talk.Paths.Conditioning, Cancellation);
        var file = Path.Combine(new HomeLayout(bench.HomeOf("talk")).Artifacts, record.Audio.Path);
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[^1000] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        var prompts = await bench.CountPromptsAsync();

        var result = await bench.DoAsync(talk, talk.Attempt(Stage.Sample, new Piece(0, 0, 1)));

        Assert.Equal(ErrorCode.ArtifactDamaged, result.Error?.Code);
        Assert.Contains("The audio conditioning is not what was stored", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(prompts, await bench.CountPromptsAsync());
        Assert.Empty(await talk.RecordsAsync());
    }

    /// <summary>Stores bytes as the embed stage does, with a source that gives so many at a time.</summary>
    private async Task<CheckedRange> StoreAsync(byte[] bytes, int read)
    {
        await using var hashing = new HashingStream(new SparingStream(bytes, read), BlockBytes);
        var stored = await _store.StoreHashedAsync(hashing, Name, Cancellation);
        var blocks = hashing.Blocks();
        Assert.Equal((bytes.Length + BlockBytes - 1) / BlockBytes, blocks.Sha256.Count);
        return new CheckedRange(_store, stored, blocks, "audio conditioning");
    }

    private static async Task<byte[]> ReadAsync(CheckedRange range, long offset, long length)
    {
        using var bytes = new MemoryStream();
        await range.CopyAsync(offset, length, bytes, Cancellation);
        return bytes.ToArray();
    }

    private static async Task DamagedAsync(CheckedRange range, long offset, string because)
    {
        var failure = await Assert.ThrowsAsync<TalkException>(() => ReadAsync(range, offset, 1));
        Assert.Equal(ErrorCode.ArtifactDamaged, failure.Error.Code);
        Assert.Contains(because, failure.Error.Message, StringComparison.Ordinal);
    }

    private sealed class SparingStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
