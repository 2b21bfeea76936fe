using System.Security.Cryptography;
using WanTalk.Core.Artifacts;

namespace WanTalk.Storage.R2;

/// <summary>
/// A content on its way out: it tells a watch that it moves, takes its MD5, and keeps what went wrong in reading it, which the client would
/// wrap in errors of its own. Does not own the content.
/// </summary>
internal sealed class RequestBody(Stream content, long bytes, NetworkWatch watch) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private Exception? _failure;
    private long _position;

    /// <inheritdoc/>
    public override long Length => bytes;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Throws what went wrong in reading the content, if anything did.</summary>
    /// <exception cref="ContentException">The content's own failure is in it.</exception>
    internal void ThrowFailure()
    {
        if (_failure is not null)
        {
            throw new ContentException(_failure);
        }
    }

    /// <summary>The MD5 of what was read, in lower-case hexadecimal.</summary>
    internal string Md5() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await content.ReadAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span[..read]);
            _position += read;
            watch.Moved();
            return read;
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>What should be sent could not be read: no fault of the server, and nothing that it should be asked again for.</summary>
internal sealed class ContentException(Exception failure) : Exception(failure.Message, failure);
