using System.Security.Cryptography;
using WanTalk.Core.Artifacts;

namespace WanTalk.GpuRunner.Stages;

/// <summary>A stream that is read once, and hashed and counted on the way; block by block, too, if that is asked for.</summary>
/// <param name="inner">What is read.</param>
/// <param name="blockBytes">The size of the blocks that are hashed each by itself; 0 for none.</param>
internal sealed class HashingStream(Stream inner, int blockBytes = 0) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _block = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> _blocks = [];
    private int _inBlock;

    /// <summary>How many bytes were read.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public override long Position
    {
        get => Bytes;
        set => throw new NotSupportedException();
    }

    /// <summary>The SHA-256 of what was read, in lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>The hashes of the blocks of what was read, when all of it was.</summary>
    public BlockHashes Blocks()
    {
        EndBlock();
        return new BlockHashes(blockBytes, [.. _blocks]);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Seen(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Seen(buffer.Span[..read]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _block.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Seen(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Bytes += bytes.Length;
        for (var left = blockBytes > 0 ? bytes : []; left.Length > 0;)
        {
            var now = Math.Min(left.Length, blockBytes - _inBlock);
            _block.AppendData(left[..now]);
            _inBlock += now;
            left = left[now..];
            if (_inBlock == blockBytes)
            {
                EndBlock();
            }
        }

        return bytes.Length;
    }

    private void EndBlock()
    {
        if (_inBlock > 0)
        {
            _blocks.Add(Convert.ToHexStringLower(_block.GetHashAndReset()));
            _inBlock = 0;
        }
    }
}
