namespace WanTalk.Core.Publishing;

/// <summary>Puts finished videos, and streams that grow, where callers can get them.</summary>
public interface IPublisher
{
    /// <summary>Whether players get from there what is published; where they do not, the host hands a stream's files out itself.</summary>
    bool ServesPlayers { get; }

    /// <summary>
    /// Publishes content under a key that names it by its hash. It looks first: doing it twice is one object with the same bytes. A video is
    /// there as a whole or not at all, and what is not what its key says is refused with
    /// <see cref="Errors.ErrorCode.ArtifactDamaged"/>.
    /// </summary>
    /// <param name="key"><c>{talk}/{sha256}.mp4</c>, or <c>{talk}/hls/{sha256}.m4s</c> for a segment of a stream.</param>
    /// <param name="content">Opens the content; called only when it has to be sent.</param>
    /// <param name="bytes">The content's size.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>Where a caller gets it.</returns>
    Task<Uri> PublishAsync(
        string key, Func<CancellationToken, Task<Stream>> content, long bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes a playlist under a key that stays, unless a state of it is there that is as new: of any number of concurrent calls the
    /// newest wins, and players never see it go back.
    /// </summary>
    /// <param name="key"><c>{talk}/hls/{name}.m3u8</c>.</param>
    /// <param name="playlist">Its text.</param>
    /// <param name="state">How new it is: how many segments can be played.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>Where players get it; null where no address of it stays, and nothing was published.</returns>
    Task<Uri?> PublishPlaylistAsync(string key, string playlist, int state, CancellationToken cancellationToken);
}
