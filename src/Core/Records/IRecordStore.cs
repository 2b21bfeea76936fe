using WanTalk.Core.Artifacts;

namespace WanTalk.Core.Records;

/// <summary>
/// Small records that several instances of a host change at the same time: each has a version, and a change names the version that it was
/// made from. What does not answer or refuses is a <see cref="Errors.TalkException"/> with <see cref="Errors.ErrorCode.StorageUnavailable"/>.
/// </summary>
public interface IRecordStore
{
    /// <summary>Reads a record; null when there is none.</summary>
    Task<StoredRecord?> ReadAsync(ArtifactPath name, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a record, if nobody has changed it meanwhile. Of any number of concurrent calls with one version and different contents, exactly
    /// one wins; who would write what is there already has won too, since it may have been his own write, whose answer was lost.
    /// </summary>
    /// <param name="name">The record.</param>
    /// <param name="content">Its new content, at most 64 KiB.</param>
    /// <param name="version">The version that was read; null for a record that must not exist yet.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>False when the record has another version, or exists already, or is gone.</returns>
    Task<bool> TryWriteAsync(ArtifactPath name, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellationToken);

    /// <summary>Deletes a record; nothing happens when there is none.</summary>
    Task DeleteAsync(ArtifactPath name, CancellationToken cancellationToken);

    /// <summary>The names that start with <c>folder/</c>, in ordinal order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="after">Only names behind this one; null for all.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    IAsyncEnumerable<ArtifactPath> ListAsync(ArtifactPath folder, ArtifactPath? after, CancellationToken cancellationToken);
}

/// <summary>A record as it was read.</summary>
/// <param name="Content">Its content.</param>
/// <param name="Version">Its version, of the store's own form.</param>
public sealed record StoredRecord(ReadOnlyMemory<byte> Content, string Version);
