namespace WanTalk.Core.Publishing;

/// <summary>Puts finished videos where callers can get them.</summary>
public interface IPublisher
{
    /// <summary>
    /// Publishes content under a key that names it by its hash. It looks first: doing it twice is one object with the same bytes. A video is
    /// there as a whole or not at all, and what is not what its key says is refused with
    /// <see cref="Errors.ErrorCode.ArtifactDamaged"/>.
    /// </summary>
    /// <param name="key"><c>{talk}/{sha256}.mp4</c>.</param>
    /// <param name="content">Opens the content; called only when it has to be sent.</param>
    /// <param name="bytes">The content's size.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>Where a caller gets it.</returns>
    Task<Uri> PublishAsync(
        string key, Func<CancellationToken, Task<Stream>> content, long bytes, CancellationToken cancellationToken);
}
