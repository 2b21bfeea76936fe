using WanTalk.Core.Artifacts;

namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>A real store that can be made to keep one call waiting, until whoever called gives it up: so a stage is caught at its work.</summary>
internal sealed class HaltingStore(IArtifactStore store) : IArtifactStore
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _reading;
    private string? _writing;

    /// <summary>Completes when the call is waiting.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets the next read of an artifact wait.</summary>
    public void HaltReading(ArtifactPath path) => _reading = path.Value;

    /// <summary>Lets the next write of an artifact wait.</summary>
    public void HaltWriting(ArtifactPath path) => _writing = path.Value;

    public async Task<bool> TryCreateAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken)
    {
        await HaltAsync(ref _writing, path, cancellationToken);
        return await store.TryCreateAsync(path, content, cancellationToken);
    }

    public async Task WriteAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken)
    {
        await HaltAsync(ref _writing, path, cancellationToken);
        await store.WriteAsync(path, content, cancellationToken);
    }

    public async Task<Stream?> OpenReadAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        await HaltAsync(ref _reading, path, cancellationToken);
        return await store.OpenReadAsync(path, cancellationToken);
    }

    public Task<Stream?> OpenReadRangeAsync(ArtifactPath path, long offset, long length, CancellationToken cancellationToken) =>
        store.OpenReadRangeAsync(path, offset, length, cancellationToken);

    public Task<ArtifactProperties?> GetPropertiesAsync(ArtifactPath path, CancellationToken cancellationToken) =>
        store.GetPropertiesAsync(path, cancellationToken);

    public IAsyncEnumerable<ArtifactProperties> ListAsync(ArtifactPath folder, CancellationToken cancellationToken) =>
        store.ListAsync(folder, cancellationToken);

    public Task DeleteAsync(ArtifactPath path, CancellationToken cancellationToken) => store.DeleteAsync(path, cancellationToken);

    public Task DeleteFolderAsync(ArtifactPath folder, CancellationToken cancellationToken) => store.DeleteFolderAsync(folder, cancellationToken);

    private Task HaltAsync(ref string? where, ArtifactPath path, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref where, null, where == path.Value ? where : "") != path.Value)
        {
            return Task.CompletedTask;
        }

        _reached.TrySetResult();
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
