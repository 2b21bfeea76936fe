using WanTalk.ComfyUI;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests;

public sealed class StagedTalkSpecs
{
    [Fact]
    public async Task A_talk_cut_into_pieces_is_the_uncut_one_byte_for_byte()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();
        var talk = new StagedTalk(client, 128, 128, "cut");
        await talk.UploadAsync(7, stop);
        await talk.EmbedAsync(175, stop);
        var heard = new List<SocketMessage>();
        var uncut = await talk.SampleAsync(0, 3, null, "uncut", stop, heard.Add);

        var cut = new List<(byte[] Frames, byte[] Checkpoint)>();
        for (var window = 0; window < 3; window++)
            cut.AddRange(await talk.SampleAsync(window, 1, window == 0 ? null : cut[^1].Checkpoint, $"cut-{window}", stop));
        var twoAndOne = await talk.SampleAsync(0, 2, null, "two", stop);
        twoAndOne.AddRange(await talk.SampleAsync(2, 1, twoAndOne[^1].Checkpoint, "one", stop));

        for (var window = 0; window < 3; window++)
        {
            Assert.Equal(uncut[window].Frames, cut[window].Frames);
            Assert.Equal(uncut[window].Checkpoint, cut[window].Checkpoint);
            Assert.Equal(uncut[window].Frames, twoAndOne[window].Frames);
            Assert.Equal(uncut[window].Checkpoint, twoAndOne[window].Checkpoint);
        }
        Assert.NotEqual(uncut[0].Frames, uncut[1].Frames);
        Assert.Equal([0, 1, 2], heard.OfType<WindowMessage>().Select(window => window.Window));
    }
}
