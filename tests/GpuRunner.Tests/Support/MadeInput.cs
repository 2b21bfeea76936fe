using System.Diagnostics;
using WanTalk.Core.Artifacts;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>Portraits and speeches that ffmpeg makes of the samples.</summary>
internal static class MadeInput
{
    /// <summary>Stores one.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="path">Its name there.</param>
    /// <param name="folder">Where it is made.</param>
    /// <param name="what">ffmpeg's inputs and filters; <c>{portrait}</c> and <c>{speech}</c> are the samples.</param>
    /// <param name="format">How it is written.</param>
    public static async Task StoreAsync(IArtifactStore store, ArtifactPath path, string folder, string what, string format)
    {
        var made = Path.Combine(folder, "made");
        var words = $"-nostdin -v error -y {what} {format}".Split(' ').Select(word => word switch
        {
            "{portrait}" => SampledTalk.SampleOf("portrait.png"),
            "{speech}" => SampledTalk.SampleOf("speech.wav"),
            _ => word,
        });
        using var ffmpeg = Process.Start("ffmpeg", [.. words, made]);
        await ffmpeg.WaitForExitAsync(SampledTalk.Cancellation);
        Assert.Equal(0, ffmpeg.ExitCode);
        await using var content = File.OpenRead(made);
        await store.WriteAsync(path, content, SampledTalk.Cancellation);
    }
}
