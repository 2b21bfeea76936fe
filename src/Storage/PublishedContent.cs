using System.Security.Cryptography;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;

namespace WanTalk.Storage;

/// <summary>
/// Content on its way to a publisher, read once and checked before its last bytes are handed out: a video under a key that says its hash has
/// that hash and the size that was said. What is wrong fails the reading, and so never gets its name. Owns the content.
/// </summary>
internal sealed class PublishedContent : ReadOnlyStream
{
    private readonly Stream _content;
    private readonly string _key;
    private readonly long _bytes;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _further = new byte[1];
    private long _read;

    /// <param name="content">The content.</param>
    /// <param name="key"><c>{talk}/{sha256}.mp4</c>.</param>
    /// <param name="bytes">Its size.</param>
    internal PublishedContent(Stream content, string key, long bytes) => (_content, _key, _bytes) = (content, key, bytes);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = _content.Read(buffer, offset, count);
        if (IsAll(buffer.AsSpan(offset, read), count))
        {
            CheckEnd(_content.Read(_further, 0, 1));
        }

        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _content.ReadAsync(buffer, cancellationToken);
        if (IsAll(buffer.Span[..read], buffer.Length))
        {
            CheckEnd(await _content.ReadAsync(_further, cancellationToken));
        }

        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <returns>Whether all was read that should be there, and the end is to be looked for.</returns>
    private bool IsAll(ReadOnlySpan<byte> bytes, int asked)
    {
        _hash.AppendData(bytes);
        _read += bytes.Length;
        if (_read > _bytes)
        {
            throw Damaged($"it has more than {_bytes} bytes");
        }

        if (bytes.IsEmpty && asked > 0 && _read < _bytes)
        {
            throw Damaged($"it ends after {_read} of {_bytes} bytes");
        }

        return _read == _bytes;
    }

    private void CheckEnd(int furtherBytes)
    {
        if (furtherBytes > 0)
        {
            throw Damaged($"it has more than {_bytes} bytes");
        }

        if (Convert.ToHexStringLower(_hash.GetCurrentHash()) is var hash && hash != Path.GetFileNameWithoutExtension(_key))
        {
            throw Damaged($"its SHA-256 is {hash}");
        }
    }

    private TalkException Damaged(string how) =>
        new(ErrorCode.ArtifactDamaged, $"What should be published as {_key} is something else: {how}. Retry the talk.");
}
