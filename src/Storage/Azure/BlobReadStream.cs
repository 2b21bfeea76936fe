using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using WanTalk.Core.Artifacts;

namespace WanTalk.Storage.Azure;

/// <summary>
/// A blob, or a range of it, that comes as it is read: nothing is held. Seeking asks again from there. The whole is of one version: when the
/// blob is replaced meanwhile and the connection breaks, reading fails instead of going on in another content. Read-only.
/// </summary>
internal sealed class BlobReadStream : ReadOnlyStream
{
    private readonly BlockBlobClient _blob;
    private readonly ETag _version;
    private readonly long _start;
    private Stream? _response;
    private long _position;

    private BlobReadStream(BlockBlobClient blob, long start, BlobDownloadStreamingResult first) =>
        (_blob, _start, _response, _version, Length) = (blob, start, first.Content, first.Details.ETag, first.Details.ContentLength);

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Asks for a blob, or a range of it.</summary>
    /// <exception cref="RequestFailedException">There is none, or the range begins behind its end.</exception>
    internal static async Task<BlobReadStream> OpenAsync(BlockBlobClient blob, HttpRange range, CancellationToken cancellationToken)
    {
        var first = await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = range }, cancellationToken);
        return new BlobReadStream(blob, range.Offset, first.Value);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        var read = await AzureErrors.GuardAsync(
            _blob.Uri,
            async () =>
            {
                _response ??= await ContinueAsync(cancellationToken);
                return await _response.ReadAsync(buffer, cancellationToken);
            },
            cancellationToken);
        _position += read;
        return read > 0 ? read : throw new EndOfStreamException($"{_blob.Name} ended at {_position} of {Length} bytes.");
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => Length,
        };
        if (target < 0)
        {
            throw new IOException("There is nothing before the beginning of a stream.");
        }

        if (target != _position)
        {
            _response?.Dispose();
            (_response, _position) = (null, target);
        }

        return target;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _response?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<Stream> ContinueAsync(CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(_start + _position, Length - _position),
            Conditions = new BlobRequestConditions { IfMatch = _version },
        };
        return (await _blob.DownloadStreamingAsync(options, cancellationToken)).Value.Content;
    }
}
