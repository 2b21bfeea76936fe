using System.Security.Cryptography;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>
/// Reads a part of a stored file by the blocks that cover it, each of which is checked before anything of it is used:
/// <code>
/// file     | block 0 | block 1 | block 2 | block 3 | b 4 |
/// wanted               |─────────────|
/// read               | block 1 | block 2 |
/// </code>
/// </summary>
/// <param name="store">The artifacts.</param>
/// <param name="file">The file.</param>
/// <param name="blocks">The hashes of its blocks.</param>
/// <param name="name">What the file is, for messages.</param>
internal sealed class CheckedRange(IArtifactStore store, StoredFile file, BlockHashes blocks, string name)
{
    /// <summary>Copies a range of the file; holds one block of it.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">How many bytes, at least 1; the file must have them.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">
    /// <see cref="ErrorCode.ArtifactDamaged"/>: a block is not what was stored; nothing of that block was written.
    /// </exception>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    public async Task CopyAsync(long offset, long length, Stream target, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, file.Bytes);
        var (size, end) = ((long)blocks.BlockBytes, offset + length);
        var first = offset / size;
        await using var content = await store.OpenReadRangeAsync(
            new ArtifactPath(file.Path), first * size, Math.Min(file.Bytes, ((end + size - 1) / size) * size) - (first * size), cancellationToken)
            ?? throw new FileNotFoundException($"The artifact {file.Path} is missing.");
        var buffer = new byte[(int)Math.Min(size, file.Bytes)];
        for (var block = first; block * size < end; block++)
        {
            var begin = block * size;
            var whole = buffer.AsMemory(0, (int)Math.Min(size, file.Bytes - begin));
            await ReadAsync(content, (int)block, whole, cancellationToken);
            var from = (int)Math.Max(0, offset - begin);
            var to = (int)Math.Min(whole.Length, end - begin);
            await target.WriteAsync(whole[from..to], cancellationToken);
        }
    }

    private async Task ReadAsync(Stream content, int block, Memory<byte> whole, CancellationToken cancellationToken)
    {
        var read = await content.ReadAtLeastAsync(whole, whole.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < whole.Length || block >= blocks.Sha256.Count || Convert.ToHexStringLower(SHA256.HashData(whole.Span)) != blocks.Sha256[block])
        {
            throw new TalkException(
                ErrorCode.ArtifactDamaged,
                $"The {name} is not what was stored: its bytes from {(long)block * blocks.BlockBytes} on have changed; the disk may be failing. "
                + "Make the talk again.");
        }
    }
}
