using System.Threading.Channels;

namespace WanTalk.Local.Durable;

/// <summary>Wakes one waiter; set any number of times before it looks, it wakes it once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the waiter, now or when it comes.</summary>
    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits until the signal is set, and takes it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _channel.Reader.ReadAsync(cancellationToken);
}
