using System.Globalization;
using System.IO.Pipelines;
using CliWrap;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>Writes frames losslessly (Ut Video in Matroska) as they are made, with settings under which the same frames are the same bytes.</summary>
internal sealed class FrameWriter : IAsyncDisposable
{
    private readonly Pipe _pipe;
    private readonly Task _encoding;
    private readonly CancellationTokenSource _abort = new();
    private bool _finished;

    public FrameWriter(string path, int width, int height)
    {
        var frame = 3L * width * height;
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 * frame, resumeWriterThreshold: 2 * frame));
        string[] arguments =
        [
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"), "-r", "25", "-i", "pipe:0",
            "-c:v", "utvideo", "-pred", "median", "-slices", "4", "-threads", "2", "-pix_fmt", "gbrp",
            "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "matroska", path,
        ];
        _encoding = EncodeAsync(arguments);
    }

    /// <summary>Hands a frame over; waits while ffmpeg is behind.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> rgb24, CancellationToken cancellationToken)
    {
        var result = await _pipe.Writer.WriteAsync(rgb24, cancellationToken);
        if (!result.IsCompleted)
            return;
        await _encoding;
        throw new NodeException("RuntimeError", "ffmpeg stopped taking frames.");
    }

    /// <summary>Waits until the file is whole.</summary>
    public async Task FinishAsync()
    {
        await _pipe.Writer.CompleteAsync();
        await _encoding;
        _finished = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_finished)
        {
            await _abort.CancelAsync();
            await _pipe.Writer.CompleteAsync();
            await _encoding.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        _abort.Dispose();
    }

    private async Task EncodeAsync(string[] arguments)
    {
        try
        {
            await Ffmpeg.RunAsync(arguments, PipeSource.FromStream(_pipe.Reader.AsStream()), PipeTarget.Null, _abort.Token);
        }
        finally
        {
            await _pipe.Reader.CompleteAsync();
        }
    }
}
