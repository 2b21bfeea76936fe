using System.Diagnostics;

namespace WanTalk.Page.Tests.Support;

/// <summary>Pictures of the page for the documentation: PNG with a palette, a third of the bytes.</summary>
internal static class SmallPicture
{
    public static async Task WriteAsync(byte[] png, string path)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true };
        foreach (var argument in (string[])["-v", "error", "-y", "-f", "png_pipe", "-i", "-", "-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none", path])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(png, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
