using System.Text;

namespace WanTalk.GpuRunner.Processes;

/// <summary>A child's output in a file that never outgrows its bound: the file before it is kept as <c>.1</c>.</summary>
public sealed class BoundedLog : IDisposable
{
    /// <summary>The size beyond which the file is put aside and a new one begun, in bytes.</summary>
    public const long MaxBytes = 4L << 20;

    private readonly Lock _gate = new();
    private readonly string _path;
    private StreamWriter? _writer;

    /// <summary>Opens the log for appending.</summary>
    public BoundedLog(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writer = Open(path);
    }

    /// <summary>Appends a line.</summary>
    public void WriteLine(string line)
    {
        lock (_gate)
        {
            try
            {
                _writer ??= Open(_path);
                if (_writer.BaseStream.Length > MaxBytes)
                {
                    Close();
                    File.Move(_path, _path + ".1", overwrite: true);
                    _writer = Open(_path);
                }

                _writer.WriteLine(line);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A log that cannot be written, for example on a full disk, must not take the work down with it.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                Close();
            }
            catch (IOException)
            {
                // The last lines did not fit on the disk; there is nobody left to tell.
            }
        }
    }

    private void Close()
    {
        var writer = _writer;
        _writer = null;
        writer?.Dispose();
    }

    private static StreamWriter Open(string path) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false)) { AutoFlush = true };
}
