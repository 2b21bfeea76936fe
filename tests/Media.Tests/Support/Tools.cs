using System.Text;
using CliWrap;
using CliWrap.Buffered;
using WanTalk.Core.Errors;

namespace WanTalk.Media.Tests.Support;

/// <summary>The real ffmpeg, used by tests to make inputs and to look at outputs without the code under test.</summary>
internal static class Tools
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs ffmpeg on arguments in one line; {0}, {1}… are paths.</summary>
    public static async Task FfmpegAsync(string arguments, params string[] paths) =>
        await Cli.Wrap("ffmpeg").WithArguments(["-v", "error", "-nostdin", "-y", .. Split(arguments, paths)]).ExecuteBufferedAsync(Token);

    /// <summary>What ffprobe says, as text.</summary>
    public static async Task<string> FfprobeAsync(string arguments, params string[] paths) =>
        (await Cli.Wrap("ffprobe").WithArguments(["-v", "error", .. Split(arguments, paths)]).ExecuteBufferedAsync(Token)).StandardOutput.Trim();

    /// <summary>Everything ffmpeg prints, for filters that report there.</summary>
    public static async Task<string> ReportAsync(string arguments, params string[] paths) =>
        (await Cli.Wrap("ffmpeg").WithArguments(["-hide_banner", "-nostdin", "-nostats", .. Split(arguments, paths)]).ExecuteBufferedAsync(Token)).StandardError;

    /// <summary>Decoded 16-bit samples, interleaved.</summary>
    public static async Task<short[]> SamplesAsync(string path)
    {
        using var bytes = new MemoryStream();
        await Cli.Wrap("ffmpeg").WithArguments(["-v", "error", "-nostdin", "-i", path, "-f", "s16le", "pipe:1"])
            .WithStandardOutputPipe(PipeTarget.ToStream(bytes)).ExecuteAsync(Token);
        var samples = new short[bytes.Length / 2];
        Buffer.BlockCopy(bytes.GetBuffer(), 0, samples, 0, samples.Length * 2);
        return samples;
    }

    /// <summary>The work is refused with this code, in one line that a person can act on.</summary>
    public static async Task<TalkError> RefusedAsync(ErrorCode code, Func<Task> work)
    {
        var error = (await Assert.ThrowsAsync<TalkException>(work)).Error;
        Assert.Equal(code, error.Code);
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(error.Message.Length, 20, 500);
        return error;
    }

    /// <summary>Ids of processes that were started with this text among their arguments.</summary>
    public static int[] ProcessesWith(string text) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _) && CommandLine(folder).Contains(text, StringComparison.Ordinal))
            .Select(folder => int.Parse(Path.GetFileName(folder))),
    ];

    /// <summary>Waits until a condition holds; the test's own time limit ends it.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), Token);
    }

    private static string[] Split(string arguments, string[] paths) =>
        [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => string.Format(word, paths))];

    private static string CommandLine(string folder)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "cmdline")));
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
