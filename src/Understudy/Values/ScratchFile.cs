using Microsoft.Win32.SafeHandles;

namespace WanTalk.Understudy.Values;

/// <summary>
/// Room on disk for what must not be in memory. The file loses its name as soon as it is open, so that nothing of it is left however the
/// process ends.
/// </summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public ScratchFile(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $".scratch-{Guid.NewGuid():N}");
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
    }

    /// <summary>How many bytes were written.</summary>
    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, Length);
        Length += bytes.Length;
    }

    /// <summary>Reads from an offset; fewer bytes than asked for at the end of the file.</summary>
    public int Read(long offset, Span<byte> destination)
    {
        var done = 0;
        while (done < destination.Length && RandomAccess.Read(_handle, destination[done..], offset + done) is > 0 and var count)
            done += count;
        return done;
    }

    /// <summary>Copies everything to a stream, by parts.</summary>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        for (long offset = 0; offset < Length;)
        {
            var count = await RandomAccess.ReadAsync(_handle, buffer, offset, cancellationToken);
            await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            offset += count;
        }
    }

    public void Dispose() => _handle.Dispose();
}
