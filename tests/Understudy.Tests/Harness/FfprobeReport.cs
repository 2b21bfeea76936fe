using System.Diagnostics;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Harness;

/// <summary>What ffprobe says of a file.</summary>
public static class FfprobeReport
{
    public static async Task<JsonObject> OfAsync(string path, CancellationToken cancellationToken)
    {
        string[] arguments = ["-v", "error", "-show_streams", "-show_format", "-of", "json", path];
        using var process = Process.Start(new ProcessStartInfo("ffprobe", arguments) { RedirectStandardOutput = true })!;
        var report = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, process.ExitCode);
        return (JsonObject)JsonNode.Parse(report)!;
    }

    /// <summary>The first stream of a kind; null if there is none.</summary>
    public static JsonObject? Stream(this JsonObject report, string kind) =>
        report["streams"]!.AsArray().Select(stream => (JsonObject)stream!).FirstOrDefault(stream => (string?)stream["codec_type"] == kind);
}
