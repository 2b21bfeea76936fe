using System.Text.Json;

namespace WanTalk.Local.Durable;

/// <summary>A task of the context that the code may be waiting for, whatever its result's type.</summary>
internal interface IPendingTask
{
    /// <summary>Ends it well; ends it badly when the JSON is not of the result's type.</summary>
    void Complete(JsonElement? result);

    /// <summary>Ends it badly.</summary>
    void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingTask<T> : IPendingTask
{
    // Continuations run inside the call that completes the task: on the turn's thread, before the next event is delivered.
    private readonly TaskCompletionSource<T> _source = new();

    /// <summary>What the code awaits.</summary>
    public Task<T> Task => _source.Task;

    /// <inheritdoc/>
    public void Complete(JsonElement? result)
    {
        T value;
        try
        {
            value = Payload.To<T>(result);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            Fail(e);
            return;
        }
        _source.TrySetResult(value);
    }

    /// <inheritdoc/>
    public void Fail(Exception exception) => _source.TrySetException(exception);

    /// <summary>Ends it as cancelled.</summary>
    public void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);
}
