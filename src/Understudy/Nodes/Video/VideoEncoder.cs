using System.Globalization;
using CliWrap;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Video;

/// <summary>What VHS_VideoCombine was asked for.</summary>
/// <param name="Format">One that is written.</param>
/// <param name="FrameRate">Frames a second.</param>
/// <param name="Loops">How often the frames are repeated behind the first time.</param>
/// <param name="PingPong">Whether they go back again.</param>
/// <param name="Comment">What is embedded as a comment; null for nothing.</param>
internal sealed record VideoSettings(VideoFormat Format, double FrameRate, int Loops, bool PingPong, string? Comment);

/// <summary>
/// Encodes frames with ffmpeg as VHS_VideoCombine does: first the picture, then once more with the sound. Files appear when whole.
/// </summary>
internal sealed class VideoEncoder(VideoSettings settings, NodeInputs inputs, NodeContext context)
{
    /// <summary>Encodes the picture, frame by frame; the bar counts the frames.</summary>
    public async Task EncodeAsync(ImageValue images, string path)
    {
        var order = new FrameOrder(images.Count, settings.PingPong);
        var (width, height) = (images.Width + (images.Width % 2), images.Height + (images.Height % 2));
        var comment = settings.Comment is null ? null : await WriteCommentAsync(settings.Comment);
        try
        {
            string[] arguments =
            [
                .. comment is null ? (IEnumerable<string>)[] : ["-i", comment],
                "-f", "rawvideo", "-pix_fmt", "rgb24", "-color_range", "pc", "-colorspace", "rgb", "-color_primaries", "bt709",
                "-color_trc", settings.Format.IsBt709 ? "bt709" : "iec61966-2-1",
                "-s", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"), "-r", Text(settings.FrameRate), "-i", "pipe:0",
                .. settings.Format.EncoderFor(inputs), .. Filters(images.Count), .. Colours(),
            ];
            var frames = PipeSource.Create((stream, stop) => FeedAsync(images, order, stream, stop));
            await RunAsync("An error occurred", arguments, frames, path);
        }
        finally
        {
            if (comment is not null)
                File.Delete(comment);
        }
    }

    /// <summary>
    /// Copies the picture and adds the sound: cut to the shorter of both, after silence was added unless the video is to be cut. The length
    /// is told to ffmpeg beside -shortest, which alone may let one stream run on for a quarter of a second.
    /// </summary>
    public Task AddSoundAsync(ImageValue images, AudioValue audio, string silent, string path)
    {
        var seconds = new FrameOrder(images.Count, settings.PingPong).Count * (settings.Loops + 1) / settings.FrameRate;
        var isCut = settings.Format.IsOn("trim_to_audio", inputs);
        string[] padding = isCut ? [] : ["-af", $"apad=whole_dur={Text(seconds + 1)}"];
        var length = isCut ? Math.Min(seconds, (double)audio.Length / audio.Rate) : seconds;
        string[] arguments =
        [
            "-i", silent, "-ar", Text(audio.Rate), "-ac", Text(audio.Channels), "-f", "f32le", "-i", "pipe:0", "-c:v", "copy",
            .. settings.Format.AudioEncoder, .. padding, "-shortest", "-t", length.ToString("0.######", CultureInfo.InvariantCulture),
        ];
        return RunAsync("An error occured", arguments, PipeSource.Create((stream, stop) => audio.Samples.CopyToAsync(stream, stop)), path);
    }

    private async Task RunAsync(string complaint, IEnumerable<string> arguments, PipeSource input, string path)
    {
        var partial = path + ".tmp";
        try
        {
            var (code, said) = await Ffmpeg.TryRunAsync(
                [.. arguments, "-f", settings.Format.Muxer, partial], input, PipeTarget.Null, context.Stop);
            if (code != 0)
            {
                said = said.Replace(partial, path, StringComparison.Ordinal);
                throw new NodeException("Exception", $"{complaint} in the ffmpeg subprocess:\n{said}");
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async Task FeedAsync(ImageValue images, FrameOrder order, Stream stream, CancellationToken stop)
    {
        var frame = new byte[images.FrameBytes];
        for (var i = 0; i < order.Count; i++)
        {
            context.Progress(Math.Min(i + 1, images.Count), images.Count);
            images.Read(order[i], frame);
            await stream.WriteAsync(EvenFrame.Of(frame, images.Width, images.Height), stop);
        }
    }

    private IEnumerable<string> Filters(int frames)
    {
        string[] filters =
        [
            .. settings.Loops > 0 ? (IEnumerable<string>)[$"loop=loop={Text(settings.Loops)}:size={Text(frames)}"] : [],
            .. settings.Format.IsBt709 ? (IEnumerable<string>)["scale=out_color_matrix=bt709"] : [],
        ];
        return filters.Length > 0 ? ["-vf", string.Join(',', filters)] : [];
    }

    private IEnumerable<string> Colours() => settings.Format.IsBt709
        ? ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
        : [];

    /// <summary>The comment in a file of ffmpeg's metadata format: a graph is too long for a command line.</summary>
    private async Task<string> WriteCommentAsync(string comment)
    {
        foreach (var special in (ReadOnlySpan<string>)["\\", ";", "#", "=", "\n"])
            comment = comment.Replace(special, "\\" + special, StringComparison.Ordinal);
        var path = Path.Combine(context.Folders.Temp, $".comment-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(path, $";FFMETADATA1\ncomment={comment}\n", context.Stop);
        return path;
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
