using System.Diagnostics;
using CliWrap;
using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Ffmpeg;

/// <summary>
/// ffmpeg 5.1 ends with zero when a disk is full at the end of a file. What it leaves is cut off, and must not count: a talk whose speech was
/// stored like that could never be made.
/// </summary>
public sealed class FullDiskSpecs : IDisposable
{
    private static readonly string _ownMounts = Environment.IsPrivilegedProcess ? "--mount" : "--user --map-root-user --mount";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("20k")]
    [InlineData("100k")]
    public async Task A_speech_that_is_cut_off_is_refused_and_leaves_nothing(string disk)
    {
        await Tools.FfmpegAsync("-f lavfi -i sine=f=300:r=48000:d=10 {0}", _folder["speech.flac"]);
        var target = Directory.CreateDirectory(_folder["small"]).FullName;
        var options = new FfmpegOptions { FfmpegPath = await FfmpegOnSmallDiskAsync(target, disk) };

        var refused = await Assert.ThrowsAsync<TalkException>(() =>
            new AacEncoder(options).EncodeAsync(_folder["speech.flac"], Path.Combine(target, "speech.m4a"), Tools.Token));
        Assert.Equal(ErrorCode.DiskFull, refused.Error.Code);
        Assert.Empty(Directory.GetFiles(target));
    }

    /// <summary>A program that is ffmpeg, but sees a small disk where a folder is.</summary>
    private async Task<string> FfmpegOnSmallDiskAsync(string folder, string size)
    {
        var script = _folder["ffmpeg"];
        var text = $"#!/bin/sh\nexec unshare {_ownMounts} sh -c 'mount -t tmpfs -o size={size} none \"$0\" && exec ffmpeg \"$@\"' '{folder}' \"$@\"\n";

        // Another process writes it: a file that this one holds open for writing, or has just handed to a child, cannot be started.
        await Cli.Wrap("sh").WithArguments(["-c", "cat > \"$1\" && chmod +x \"$1\"", "sh", script])
            .WithStandardInputPipe(PipeSource.FromString(text)).ExecuteAsync(Tools.Token);
        using var tried = Process.Start(new ProcessStartInfo(script, ["-version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await tried.StandardOutput.ReadToEndAsync(Tools.Token);
        await tried.WaitForExitAsync(Tools.Token);
        Assert.SkipWhen(tried.ExitCode != 0, "This machine does not let a test mount a small disk (unshare --mount).");
        return script;
    }
}
