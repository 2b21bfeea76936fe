namespace WanTalk.Storage.Local;

/// <summary>How a <see cref="FolderArtifactStore"/> treats its disk.</summary>
public sealed record FolderArtifactStoreOptions
{
    /// <summary>
    /// Whether an artifact, and its name, are flushed to the disk before a write is reported as done, so that it survives a loss of power.
    /// Without it artifacts still survive the death of every process. Default: true.
    /// </summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>
    /// How long a temporary file that no living writer holds is left alone. It only has to be longer than it takes to open a file and lock
    /// it. Default: one minute; more than zero.
    /// </summary>
    public TimeSpan TemporaryFileAge { get; init; } = TimeSpan.FromMinutes(1);
}
