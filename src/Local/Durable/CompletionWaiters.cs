namespace WanTalk.Local.Durable;

/// <summary>Those who wait for an instance to end. They look again when told; being told once too often does no harm.</summary>
internal sealed class CompletionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<TaskCompletionSource>> _waiters = new(StringComparer.Ordinal);

    /// <summary>Waits until <paramref name="isOver"/> holds; it is asked at once, and again whenever the instance may have ended.</summary>
    public async Task WaitAsync(string instanceId, Func<bool> isOver, CancellationToken cancellationToken)
    {
        while (true)
        {
            var waiter = Add(instanceId);
            try
            {
                if (isOver())
                    return;
                await waiter.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                Remove(instanceId, waiter);
            }
        }
    }

    /// <summary>Tells those who wait for an instance.</summary>
    public void Tell(string instanceId)
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters.GetValueOrDefault(instanceId) ?? [])
                waiter.TrySetResult();
        }
    }

    /// <summary>Tells everybody.</summary>
    public void TellAll()
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters.Values.SelectMany(list => list))
                waiter.TrySetResult();
        }
    }

    private TaskCompletionSource Add(string instanceId)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_waiters.TryGetValue(instanceId, out var list))
                _waiters.Add(instanceId, list = []);
            list.Add(waiter);
        }
        return waiter;
    }

    private void Remove(string instanceId, TaskCompletionSource waiter)
    {
        lock (_gate)
        {
            var list = _waiters[instanceId];
            list.Remove(waiter);
            if (list.Count == 0)
                _waiters.Remove(instanceId);
        }
    }
}
