using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Publishing;

namespace WanTalk.Storage.Local;

/// <summary>Publishes into a folder of the machine.</summary>
/// <param name="root">The folder.</param>
/// <param name="time">Tells how old a temporary file is.</param>
/// <exception cref="TalkException"><see cref="ErrorCode.DeliveryFailed"/>: the folder cannot be used.</exception>
public sealed class FolderPublisher(string root, TimeProvider time) : IPublisher
{
    private readonly FolderArtifactStore _files = Open(root, time);

    /// <inheritdoc/>
    public bool ServesPlayers => false;

    /// <inheritdoc/>
    public async Task<Uri> PublishAsync(
        string key, Func<CancellationToken, Task<Stream>> content, long bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = new ArtifactPath(key);
        if (await InFolderAsync(() => _files.GetPropertiesAsync(path, cancellationToken)) is not { } existing || existing.Length != bytes)
        {
            await using var stream = new PublishedContent(await content(cancellationToken), key, bytes);
            await InFolderAsync(async () =>
            {
                await _files.WriteAsync(path, stream, cancellationToken);
                return true;
            });
        }

        return new Uri(Path.GetFullPath(Path.Combine(root, key)));
    }

    /// <inheritdoc/>
    public Task<Uri?> PublishPlaylistAsync(string key, string playlist, int state, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    /// <summary>Says of a folder that cannot be used what it is: the video is kept, and nothing is wrong with the talk.</summary>
    private async Task<T> InFolderAsync<T>(Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(root, failure);
        }
    }

    private static FolderArtifactStore Open(string root, TimeProvider time)
    {
        try
        {
            return new FolderArtifactStore(root, time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(root, failure);
        }
    }

    private static TalkException Unusable(string root, Exception failure) => new(
        ErrorCode.DeliveryFailed,
        $"The folder of finished videos, {root}, cannot be used: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Repair it, and retry the talk.",
        failure);
}
