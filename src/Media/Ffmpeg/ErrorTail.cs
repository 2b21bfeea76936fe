using System.Text;

namespace WanTalk.Media.Ffmpeg;

/// <summary>The end of what a program wrote to its standard error: at most 8 KB are held, however much it writes.</summary>
internal sealed class ErrorTail
{
    /// <summary>Bytes that are kept.</summary>
    public const int Capacity = 8 * 1024;

    private const int MessageLength = 300;
    private readonly byte[] _ring = new byte[Capacity];
    private long _written;

    /// <summary>Everything that is kept, as text.</summary>
    public string Text
    {
        get
        {
            var kept = (int)Math.Min(_written, Capacity);
            var start = (int)((_written - kept) % Capacity);
            var bytes = new byte[kept];
            var first = Math.Min(kept, Capacity - start);
            _ring.AsSpan(start, first).CopyTo(bytes);
            _ring.AsSpan(0, kept - first).CopyTo(bytes.AsSpan(first));
            return Encoding.UTF8.GetString(bytes);
        }
    }

    /// <summary>The last line with something on it, shortened for a message; a fixed phrase when there is none.</summary>
    public string LastLine
    {
        get
        {
            var line = Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "it gave no reason";
            return line.Length <= MessageLength ? line : line[..MessageLength];
        }
    }

    /// <summary>Reads a stream to its end and keeps the tail.</summary>
    public async Task FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            Add(buffer.AsSpan(0, count));
    }

    /// <summary>Adds bytes, dropping the oldest.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            _ring[(int)(_written++ % Capacity)] = value;
    }
}
