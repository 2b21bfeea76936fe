namespace WanTalk.Storage.Local;

/// <summary>
/// A file under construction. While it is open it is locked, which tells a sweeper that its writer lives; the lock is a shared one, so that
/// readers may open the file as soon as it has its final name. Disposing it removes the temporary name.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly FileStream _content;

    internal TemporaryFile(string path)
    {
        Path = path;

        // On Unix FileShare.Read is a shared flock(2) and FileShare.None an exclusive one.
        _content = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
    }

    /// <summary>Its temporary name.</summary>
    internal string Path { get; }

    /// <summary>Where its bytes go, unbuffered.</summary>
    internal Stream Content => _content;

    /// <summary>Makes its bytes survive a loss of power.</summary>
    internal void FlushToDisk() => RandomAccess.FlushToDisk(_content.SafeFileHandle);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        finally
        {
            // Also when its folder has been moved away: while it is locked, no sweeper may remove it.
            _content.Dispose();
        }
    }
}
