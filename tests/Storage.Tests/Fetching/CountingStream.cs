namespace WanTalk.Storage.Tests.Fetching;

/// <summary>Tells how many bytes were written to it, and when they were so many.</summary>
internal sealed class CountingStream : MemoryStream
{
    private readonly Lock _lock = new();
    private long _count;
    private (long Wanted, TaskCompletionSource Reached)? _waiting;

    public override long Length => Interlocked.Read(ref _count);

    /// <summary>Waits for a number of bytes.</summary>
    public Task WaitForAsync(long wanted)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting = (wanted, reached);
            Tell();
            return reached.Task;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            _count += buffer.Length;
            Tell();
        }

        return ValueTask.CompletedTask;
    }

    private void Tell()
    {
        if (_waiting is { } waiting && _count >= waiting.Wanted)
        {
            waiting.Reached.TrySetResult();
        }
    }
}
