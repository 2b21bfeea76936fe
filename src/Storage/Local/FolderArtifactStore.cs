using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.Local;

/// <summary>
/// Artifacts as files in a folder, for any number of processes on one Linux machine. An artifact is written under a temporary name, flushed,
/// and then given its own: create-only by link(2), which fails when the name is taken (rename without overwrite lets two writers win on
/// Linux), replacing by rename(2). So a reader sees all of it or nothing, and a killed writer leaves nothing that can be seen.
/// One name cannot be an artifact and a folder of others at the same time.
/// </summary>
public sealed class FolderArtifactStore : IArtifactStore
{
    private const int CopyBufferBytes = 256 * 1024;
    private const int ReadBufferBytes = 64 * 1024;
    private const int PlaceAttempts = 100;

    private readonly string _root;
    private readonly FolderArtifactStoreOptions _options;
    private readonly TemporaryFolder _temporaries;

    /// <summary>Opens the store, makes its folder when it is missing, and removes what killed writers have left there.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="time">Tells how old a temporary file is.</param>
    /// <param name="options">How to treat the disk; null means the defaults.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.DiskFull"/>: the folder could not be made.</exception>
    public FolderArtifactStore(string root, TimeProvider time, FolderArtifactStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new FolderArtifactStoreOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.TemporaryFileAge, TimeSpan.Zero, nameof(options));
        _root = Path.GetFullPath(root);
        _temporaries = new TemporaryFolder(_root, time, _options.TemporaryFileAge);
        try
        {
            _temporaries.Sweep(CancellationToken.None);
        }
        catch (IOException exception) when (Libc.IsDiskFull(exception))
        {
            throw DiskFull(exception);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken) =>
        !File.Exists(FileOf(path)) && await PutAsync(path, content, Libc.Link, cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken) =>
        PutAsync(path, content, Libc.Rename, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream?>(TryOpen(path));
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadRangeAsync(ArtifactPath path, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        cancellationToken.ThrowIfCancellationRequested();
        var file = TryOpen(path);
        file?.Seek(offset, SeekOrigin.Begin);
        return Task.FromResult<Stream?>(file is null ? null : new RangeStream(file, length));
    }

    /// <inheritdoc/>
    public Task<ArtifactProperties?> GetPropertiesAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(FileOf(path));
        return Task.FromResult(file.Exists ? new ArtifactProperties(path, file.Length, file.LastWriteTimeUtc) : null);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ArtifactProperties> ListAsync(ArtifactPath folder, CancellationToken cancellationToken) =>
        FolderWalk.Below(FileOf(folder), folder.Value, cancellationToken).ToAsyncEnumerable();

    /// <inheritdoc/>
    public Task DeleteAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = FileOf(path);
        if (File.Exists(file))
        {
            File.Delete(file);
        }

        return Task.CompletedTask;
    }

    /// <summary>Deletes everything whose name starts with <c>folder/</c>; it all disappears at once.</summary>
    public Task DeleteFolderAsync(ArtifactPath folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = FileOf(folder);
        if (Directory.Exists(path))
        {
            var doomed = _temporaries.NewName();
            var error = Libc.Rename(path, doomed);
            if (error is not (0 or Libc.NotFound))
            {
                throw Libc.Failure(error, path);
            }

            TemporaryFolder.RemoveFolder(doomed);
        }

        return Task.CompletedTask;
    }

    /// <summary>Removes what killed writers have left; never what a living one is writing.</summary>
    /// <returns>How many temporary files and folders were removed.</returns>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => Task.FromResult(_temporaries.Sweep(cancellationToken));

    private async Task<bool> PutAsync(ArtifactPath path, Stream content, Func<string, string, int> giveName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var file = FileOf(path);
        try
        {
            using var temporary = _temporaries.CreateFile();
            await content.CopyToAsync(temporary.Content, CopyBufferBytes, cancellationToken);
            if (_options.FlushToDisk)
            {
                temporary.FlushToDisk();
            }

            return Place(temporary.Path, file, giveName);
        }
        catch (IOException exception) when (Libc.IsDiskFull(exception))
        {
            throw DiskFull(exception);
        }
    }

    // Whenever the folder is deleted between making it and using it, it is made again.
    private bool Place(string temporary, string file, Func<string, string, int> giveName)
    {
        var folder = Path.GetDirectoryName(file)!;
        for (var attempt = 1; ; attempt++)
        {
            List<string> changedFolders = [folder];
            var error = MakeFolder(folder, changedFolders);
            switch (error == 0 ? giveName(temporary, file) : error)
            {
                case 0:
                    FlushFolders(changedFolders);
                    return true;
                case Libc.Exists when !Directory.Exists(file):
                    return false;
                case Libc.NotFound when attempt < PlaceAttempts && File.Exists(temporary):
                    break;
                case var failure:
                    throw Libc.Failure(failure, file);
            }
        }
    }

    private static int MakeFolder(string folder, List<string> changedFolders)
    {
        if (Directory.Exists(folder))
        {
            return 0;
        }

        var parent = Path.GetDirectoryName(folder)!;
        var error = MakeFolder(parent, changedFolders);
        if (error != 0)
        {
            return error;
        }

        changedFolders.Add(parent);
        error = Libc.MakeFolder(folder);
        return error == Libc.Exists ? 0 : error;
    }

    private void FlushFolders(List<string> folders)
    {
        if (_options.FlushToDisk)
        {
            folders.ForEach(Libc.FlushFolder);
        }
    }

    private FileStream? TryOpen(ArtifactPath path)
    {
        var file = FileOf(path);
        try
        {
            return new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = ReadBufferBytes,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException
            || (exception is UnauthorizedAccessException && Directory.Exists(file)))
        {
            return null;
        }
    }

    // The form of an ArtifactPath keeps it inside the root; only the default one, which has no name, gets past its constructor.
    private string FileOf(ArtifactPath path) =>
        Path.Combine(_root, path.Value ?? throw new ArgumentException("An artifact needs a name.", nameof(path)));

    private TalkException DiskFull(IOException exception) =>
        new(ErrorCode.DiskFull, $"The disk that holds {_root} is full. Free some space there and go on.", exception);
}
