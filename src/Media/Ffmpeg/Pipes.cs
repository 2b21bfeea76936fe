using WanTalk.Core.Errors;

namespace WanTalk.Media.Ffmpeg;

/// <summary>Small helpers for the ends of pipes.</summary>
internal static class Pipes
{
    private const int BufferSize = 128 * 1024;

    /// <summary>
    /// Writes to a program's standard input. False when the program has closed it: its exit code and its messages tell why, and a broken
    /// pipe would hide them.
    /// </summary>
    public static async Task<bool> TryWriteAsync(Stream pipe, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await pipe.WriteAsync(bytes, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Copies a stream to a program's standard input until either ends.</summary>
    public static async Task FeedAsync(Stream source, Stream pipe, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (!await TryWriteAsync(pipe, buffer.AsMemory(0, count), cancellationToken))
                return;
        }
    }

    /// <summary>Reads a whole output into memory, up to a limit.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.Internal"/> beyond the limit.</exception>
    public static async Task<byte[]> ReadAllAsync(Stream pipe, int limit, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await pipe.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (whole.Length + count > limit)
                throw new TalkException(ErrorCode.Internal, $"A program answered with more than {limit} bytes.");
            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }
}
