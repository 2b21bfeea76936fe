using System.Text;
using System.Text.RegularExpressions;

namespace WanTalk.Media.Ffmpeg;

/// <summary>The end of what a program wrote to its standard error: at most 8 KB are held, however much it writes.</summary>
internal sealed partial class ErrorTail
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

    /// <summary>Lines with something on them, without what helps nobody: addresses in memory and folders.</summary>
    public string[] Lines =>
        [.. Noise().Replace(Text, "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The last line, shortened for a message; a fixed phrase when there is none.</summary>
    public string LastLine
    {
        get
        {
            var line = Lines.LastOrDefault() ?? "it gave no reason";
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

    [GeneratedRegex(@"\[[^\]\n]* @ 0x[0-9a-f]+\] ?|file:/[^\n]*/")]
    private static partial Regex Noise();
}
