using WanTalk.Core.Artifacts;
using WanTalk.Core.Publishing;

namespace WanTalk.Storage.Local;

/// <summary>Publishes into a folder of the machine.</summary>
/// <param name="root">The folder.</param>
/// <param name="time">Tells how old a temporary file is.</param>
public sealed class FolderPublisher(string root, TimeProvider time) : IPublisher
{
    private readonly FolderArtifactStore _files = new(root, time);

    /// <inheritdoc/>
    public bool ServesPlayers => false;

    /// <inheritdoc/>
    public async Task<Uri> PublishAsync(
        string key, Func<CancellationToken, Task<Stream>> content, long bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = new ArtifactPath(key);
        if (await _files.GetPropertiesAsync(path, cancellationToken) is not { } existing || existing.Length != bytes)
        {
            await using var stream = new PublishedContent(await content(cancellationToken), key, bytes);
            await _files.WriteAsync(path, stream, cancellationToken);
        }

        return new Uri(Path.GetFullPath(Path.Combine(root, key)));
    }

    /// <inheritdoc/>
    public Task<Uri?> PublishPlaylistAsync(string key, string playlist, int state, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);
}
