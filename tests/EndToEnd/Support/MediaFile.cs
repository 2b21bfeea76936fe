using CliWrap;
using CliWrap.Buffered;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Probing;

namespace WanTalk.EndToEnd.Support;

/// <summary>Makes inputs with ffmpeg and reads finished files back.</summary>
internal static class MediaFile
{
    /// <summary>Runs ffmpeg; the arguments as one text.</summary>
    public static async Task MakeAsync(string arguments) =>
        await Cli.Wrap("ffmpeg").WithArguments($"-nostdin -v error -y {arguments}").ExecuteAsync(TestContext.Current.CancellationToken);

    /// <summary>What ffmpeg prints; the arguments as one text.</summary>
    public static async Task<string> PrintAsync(string arguments) =>
        (await Cli.Wrap("ffmpeg").WithArguments($"-nostdin -v error {arguments}").ExecuteBufferedAsync(TestContext.Current.CancellationToken)).StandardOutput;

    /// <summary>What ffprobe prints; the arguments as one text.</summary>
    public static async Task<string> AskAsync(string arguments, string input) => (await Cli.Wrap("ffprobe")
        .WithArguments($"-v error {arguments} \"{input}\"").ExecuteBufferedAsync(TestContext.Current.CancellationToken)).StandardOutput;

    public static Task<MediaInfo> ProbeAsync(string file) =>
        new MediaProbe(new FfmpegOptions()).ProbeAsync(file, TestContext.Current.CancellationToken, countPackets: true);

    /// <summary>Decodes audio to one channel at a rate.</summary>
    public static async Task<float[]> DecodeAsync(string file, int rate)
    {
        using var bytes = new MemoryStream();
        await Cli.Wrap("ffmpeg")
            .WithArguments(["-nostdin", "-v", "error", "-i", file, "-vn", "-ac", "1", "-ar", $"{rate}", "-f", "f32le", "-"])
            .WithStandardOutputPipe(PipeTarget.ToStream(bytes))
            .ExecuteAsync(TestContext.Current.CancellationToken);
        var samples = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes.GetBuffer(), 0, samples, 0, samples.Length * sizeof(float));
        return samples;
    }
}
