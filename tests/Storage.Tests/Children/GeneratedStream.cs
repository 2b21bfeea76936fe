using System.Security.Cryptography;

namespace WanTalk.Storage.Tests.Children;

/// <summary>A content of any length that is nowhere, drawn from a seed as it is read, and hashed.</summary>
internal sealed class GeneratedStream(long length, IncrementalHash hash) : Stream
{
    private readonly Random _random = new(7);
    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var some = buffer[..(int)Math.Min(buffer.Length, _left)];
        _random.NextBytes(some);
        hash.AppendData(some);
        _left -= some.Length;
        return some.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
