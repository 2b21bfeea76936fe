using CliWrap;
using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Probing;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;
using WanTalk.Media.Windows;

namespace WanTalk.Media.Tests.Ffmpeg;

public sealed class FfmpegProcessSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_missing_program_is_named_with_how_to_install_it()
    {
        var options = new FfmpegOptions { FfmpegPath = "no-such-ffmpeg", FfprobePath = "no-such-ffprobe" };
        await SpeechFiles.ToneAsync(_folder, "a.wav", 1);
        var error = await Tools.RefusedAsync(ErrorCode.ProgramMissing, () => new SpeechNormaliser(options).MeasureAsync(_folder["a.wav"], Tools.Token));
        Assert.Contains("no-such-ffprobe", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install -y ffmpeg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_encoding_leaves_no_process_and_no_half_file()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Tools.Token);
        await using var endless = new EndlessStream();
        var encoding = new WindowEncoder(new FfmpegOptions()).EncodeAsync(endless, new WindowFrames(64, 64, 0, 81), _folder["segment.mp4"], cancel.Token);
        await Tools.UntilAsync(() => Tools.ProcessesWith(_folder.Root).Length == 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => encoding);
        Assert.Empty(Tools.ProcessesWith(_folder.Root));
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task A_cancelled_normalisation_leaves_no_process_and_no_half_file()
    {
        await SpeechFiles.ToneAsync(_folder, "long.wav", 600, rate: 48_000);

        // It reads no faster than one speaks: it is still at work however late this test looks, and cancels it.
        var options = new FfmpegOptions { FfmpegPath = await ScriptAsync("exec ffmpeg -re \"$@\"") };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Tools.Token);
        var work = new SpeechNormaliser(options).NormaliseAsync(_folder["long.wav"], _folder["speech.flac"], _folder["mono.flac"], null, cancel.Token);
        await Tools.UntilAsync(() => Tools.ProcessesWith(_folder["speech.flac.tmp"]).Length == 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Empty(Tools.ProcessesWith(_folder.Root));
        Assert.Equal(["long.wav", "program"], _folder.Names());
    }

    [Fact]
    public async Task A_program_that_does_not_listen_is_killed_with_its_children()
    {
        var options = new FfmpegOptions { FfmpegPath = await ScriptAsync("trap '' INT TERM; while :; do sleep 0.05; done"), GracePeriod = TimeSpan.FromMilliseconds(200) };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Tools.Token);
        var work = new FfmpegProcess(options).FfmpegAsync([], cancel.Token);
        await Tools.UntilAsync(() => Tools.ProcessesWith(_folder.Root).Length > 0);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);

        // A child that was killed before it became the sleep bears the program's name, and may take a moment to go.
        await Tools.UntilAsync(() => Tools.ProcessesWith(_folder.Root).Length == 0);
    }

    [Fact]
    public async Task A_token_that_has_fired_starts_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var options = new FfmpegOptions { FfmpegPath = await ScriptAsync($"touch '{_folder["started"]}'") };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FfmpegProcess(options).FfmpegAsync([], cancelled.Token));
        Assert.Equal(["program"], _folder.Names());
    }

    [Fact]
    public async Task A_full_disk_is_told_apart_from_bad_input()
    {
        var options = new FfmpegOptions { FfmpegPath = await ScriptAsync("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1") };
        await SpeechFiles.ToneAsync(_folder, "a.wav", 1);
        await Tools.RefusedAsync(ErrorCode.DiskFull, () => new SpeechNormaliser(options).NormaliseAsync(_folder["a.wav"], _folder["s"], _folder["m"], null, Tools.Token));
        Assert.Equal(["a.wav", "program"], _folder.Names());
    }

    [Fact]
    public async Task However_much_a_program_complains_only_the_end_is_kept()
    {
        var options = new FfmpegOptions { FfmpegPath = await ScriptAsync("head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo 'the reason' >&2; exit 3") };
        var outcome = await new FfmpegProcess(options).FfmpegAsync([], Tools.Token);
        Assert.Equal((3, "the reason"), (outcome.ExitCode, outcome.Errors.LastLine));
        Assert.InRange(outcome.Errors.Text.Length, 1000, ErrorTail.Capacity);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(65, 2)]
    [InlineData(2, -1)]
    [InlineData(2, 61)]
    public void Options_outside_their_ranges_are_refused(int threads, int graceSeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new MediaProbe(new FfmpegOptions { Threads = threads, GracePeriod = TimeSpan.FromSeconds(graceSeconds) }));

    /// <summary>Another process writes it: a file that this process holds open for writing, or has just handed to a child, cannot be started.</summary>
    private async Task<string> ScriptAsync(string body)
    {
        await Cli.Wrap("sh").WithArguments(["-c", "cat > \"$1\" && chmod +x \"$1\"", "sh", _folder["program"]])
            .WithStandardInputPipe(PipeSource.FromString($"#!/bin/sh\n{body}\n")).ExecuteAsync(Tools.Token);
        return _folder["program"];
    }

    /// <summary>A window that never comes: reading waits until it is cancelled.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }

    public void Dispose() => _folder.Dispose();
}
