using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.Local;

/// <summary>
/// An upload on its way in, which fails where it gets too long, or ends before its said length: so that its writer gives it up. The stream
/// underneath stays its owner's.
/// </summary>
/// <param name="content">The bytes that come.</param>
/// <param name="most">How many there may be.</param>
/// <param name="length">How many there should be; null when that is not said.</param>
internal sealed class UploadStream(Stream content, long most, long? length) : ReadOnlyStream
{
    private long _read;

    /// <summary>What is said of too many bytes.</summary>
    internal static TalkException TooLarge(long most) => new(ErrorCode.RequestTooLarge, $"The upload has more than {most} bytes. Send at most as many.");

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await content.ReadAsync(buffer, cancellationToken);
        _read += count;
        return _read > most ? throw TooLarge(most)
            : count == 0 && buffer.Length > 0 && length is { } promised && _read != promised
                ? throw new TalkException(ErrorCode.ArgumentInvalid, $"The upload has {_read} of {promised} bytes. Send it again, to the end.")
            : count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A request's body is read asynchronously only.");
}
