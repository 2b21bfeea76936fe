namespace WanTalk.Core.Artifacts;

/// <summary>
/// Where artifacts live. Writes are atomic: a reader sees the whole of an artifact or nothing of it. Contents are streamed in both
/// directions. A full disk is a <see cref="Errors.TalkException"/> with <see cref="Errors.ErrorCode.DiskFull"/>, a store elsewhere that does not
/// answer or refuses is one with <see cref="Errors.ErrorCode.StorageUnavailable"/>.
/// </summary>
public interface IArtifactStore
{
    /// <summary>Writes an artifact that must not exist yet. Of any number of concurrent calls, exactly one wins.</summary>
    /// <returns>False when it existed; the existing one is untouched.</returns>
    Task<bool> TryCreateAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken);

    /// <summary>Writes an artifact, replacing an existing one.</summary>
    Task WriteAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Opens an artifact for reading, as a stream that has a length and can be sought in; null when there is none. A reader keeps to the
    /// content that it opened, or fails with an <see cref="IOException"/> when that was replaced and is gone.
    /// </summary>
    Task<Stream?> OpenReadAsync(ArtifactPath path, CancellationToken cancellationToken);

    /// <summary>Opens a byte range; null when there is no such artifact. Fewer bytes come when the artifact ends before the range.</summary>
    /// <param name="path">The artifact.</param>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">How many bytes at most.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    Task<Stream?> OpenReadRangeAsync(ArtifactPath path, long offset, long length, CancellationToken cancellationToken);

    /// <summary>What is known of an artifact without reading it; null when there is none.</summary>
    Task<ArtifactProperties?> GetPropertiesAsync(ArtifactPath path, CancellationToken cancellationToken);

    /// <summary>Lists the artifacts whose names start with <c>folder/</c>, in ordinal order, at any depth.</summary>
    IAsyncEnumerable<ArtifactProperties> ListAsync(ArtifactPath folder, CancellationToken cancellationToken);

    /// <summary>Deletes an artifact; nothing happens when there is none.</summary>
    Task DeleteAsync(ArtifactPath path, CancellationToken cancellationToken);

    /// <summary>Deletes everything whose name starts with <c>folder/</c>.</summary>
    Task DeleteFolderAsync(ArtifactPath folder, CancellationToken cancellationToken);
}

/// <summary>What is known of an artifact without reading it.</summary>
/// <param name="Path">Its name.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record ArtifactProperties(ArtifactPath Path, long Length, DateTimeOffset LastModified);
