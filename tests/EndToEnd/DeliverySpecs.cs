using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

public sealed class DeliverySpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_disk_that_is_full_keeps_the_video_and_resume_delivers_it()
    {
        var small = Directory.CreateDirectory(_folder.File("small")).FullName;
        const string Script = """mount -t tmpfs -o size=16k none "$0" && exec "$@" """;
        string[] ownMounts = Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
        await using (var talk = WanTalkCommand.Start(
            _folder,
            ["unshare", .. ownMounts, "sh", "-c", Script, small],
            ["talk", Repository.Portrait, Repository.Speech, "--width", "256", "--height", "256", "--out", $"{small}/talk.mp4"]))
        {
            var full = await talk.WaitAsync();
            Assert.True(full.ExitCode == 1, full.Said);
            Assert.StartsWith("delivery_failed: ", full.Error[^1]);
            Assert.Contains($"resume {full.Error[0]}", full.Error[^1]);

            var resumed = await WanTalkCommand.RunAsync(_folder, "resume", full.Error[0], "--out", _folder.File("talk.mp4"));
            Assert.True(resumed.ExitCode == 0, resumed.Said);
            Assert.Equal(_folder.File("talk.mp4"), resumed.Output[^1]);
            Assert.Equal(223, (await MediaFile.ProbeAsync(_folder.File("talk.mp4"))).Video!.Packets);
        }
    }

    [Fact]
    public async Task Odd_inputs_are_accepted_and_the_video_is_named_after_the_speech()
    {
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 1.3 -ar 11025 -acodec pcm_u8 -ac 1 \"{_folder.File("eight bit.wav")}\"");
        await MediaFile.MakeAsync($"-i \"{Repository.Portrait}\" -vf crop=401:399:20:0 {_folder.File("odd.jpg")}");
        var result = await WanTalkCommand.RunAsync(_folder, "talk", "odd.jpg", "eight bit.wav", "--width", "249", "--height", "263");
        Assert.True(result.ExitCode == 0, result.Said);
        Assert.Equal(_folder.File("eight bit.mp4"), result.Output[^1]);
        var video = (await MediaFile.ProbeAsync(_folder.File("eight bit.mp4"))).Video!;
        Assert.Equal((256, 256, 33L), (video.Width, video.Height, video.Packets!.Value));
        Assert.Contains(result.Error, line => line.Contains("249x263", StringComparison.Ordinal) && line.Contains("256x256", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_channels_that_differ_are_both_delivered()
    {
        await MediaFile.MakeAsync(
            $"-i \"{Repository.Speech}\" -f lavfi -i sine=frequency=440 -filter_complex [0:a][1:a]amerge=inputs=2 -t 2 -ac 2 {_folder.File("two.wav")}");
        var result = await WanTalkCommand.RunAsync(
            _folder, "talk", Repository.Portrait, _folder.File("two.wav"), "--width", "128", "--height", "128", "--out", "two.mp4");
        Assert.True(result.ExitCode == 0, result.Said);
        Assert.Equal(2, (await MediaFile.ProbeAsync(_folder.File("two.mp4"))).Audio!.Channels);
    }

    [Fact]
    public async Task Ctrl_C_cancels_the_talk_and_resume_finishes_it()
    {
        // A terminal sends its signal to the whole group: the runner and the engine get it too, and leave it to the host. Where tests run in
        // the background the signal is ignored, which children inherit.
        await using var talk = WanTalkCommand.Start(
            _folder,
            ["env", "--default-signal=INT", "setsid"],
            ["talk", Repository.Portrait, Repository.Speech, "--width", "640", "--height", "640", "--seed", "3", "--out", "talk.mp4"]);
        var id = await talk.FirstErrorLine;
        // All of its windows are still to be made when the engine begins the first.
        while (EngineLog.SampledIn(_folder) == 0)
        {
            Assert.False(talk.HasExited, talk.Said);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        talk.SignalGroup("INT");
        var cancelled = await talk.WaitAsync();
        Assert.True(cancelled.ExitCode == 130, cancelled.Said);
        Assert.StartsWith("cancelled: ", cancelled.Error[^1]);
        Assert.Empty(Processes.Of(talk.Home));
        Assert.False(File.Exists(_folder.File("talk.mp4")));

        var resumed = await WanTalkCommand.RunAsync(_folder, "resume", id, "--out", _folder.File("talk.mp4"));
        Assert.True(resumed.ExitCode == 0, resumed.Said);
        Assert.Equal(223, (await MediaFile.ProbeAsync(_folder.File("talk.mp4"))).Video!.Packets);
    }

    [Fact]
    public async Task A_second_host_keeps_out_of_a_home_that_is_in_use()
    {
        await using var first = WanTalkCommand.Start(_folder, "serve", "--port", "0");
        await first.FirstOutputLine;
        await using var second = WanTalkCommand.Start(_folder, "talk", Repository.Portrait, Repository.Speech);
        var refused = await second.WaitAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("home_in_use: ", Assert.Single(refused.Error));

        // Before the second is looked at for what it left: the first one's processes come when they like.
        first.Kill();
    }
}
