using System.Threading.Channels;

namespace WanTalk.ComfyUI.Prompts;

/// <summary>
/// The messages that wait for a reader, bounded in number and in bytes. Adding never waits: beyond a bound the oldest go, so that the
/// socket is read however slow the reader is.
/// </summary>
internal sealed class MessageBacklog
{
    private readonly Channel<(SocketMessage Message, int Bytes)> _messages;
    private readonly long _maxBytes;
    private long _bytes;

    public MessageBacklog(int maxMessages, long maxBytes)
    {
        _maxBytes = maxBytes;
        _messages = Channel.CreateBounded<(SocketMessage Message, int Bytes)>(
            new BoundedChannelOptions(maxMessages) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true },
            dropped => Interlocked.Add(ref _bytes, -dropped.Bytes));
    }

    /// <summary>Adds a message that came as so many bytes.</summary>
    public void Add(SocketMessage message, int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        while (Interlocked.Read(ref _bytes) > _maxBytes && TryTake(out _))
        {
        }
        _messages.Writer.TryWrite((message, bytes));
    }

    /// <summary>No message will be added any more.</summary>
    public void Complete() => _messages.Writer.Complete();

    public bool TryTake(out SocketMessage? message)
    {
        var isTaken = _messages.Reader.TryRead(out var oldest);
        if (isTaken)
            Interlocked.Add(ref _bytes, -oldest.Bytes);
        message = oldest.Message;
        return isTaken;
    }

    /// <summary>Waits for a message; false if there will be none any more.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _messages.Reader.WaitToReadAsync(cancellationToken);
}
