using System.Text;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>What a person gets: the file, read back.</summary>
[Collection(SampleTalk.Collection)]
public class FinishedFileSpecs(SampleTalk talk)
{
    private const double AacFrame = 1024.0 / 48000;

    [Fact]
    public async Task The_video_has_exactly_the_visible_frames_at_25_a_second()
    {
        var speech = await MediaFile.DecodeAsync(Repository.Speech, 48000);
        var frames = (speech.Length + 1919) / 1920;
        var video = (await MediaFile.ProbeAsync(talk.Video)).Video!;
        Assert.Equal(frames, video.Packets);
        Assert.Equal(25, video.FramesPerSecond);
        Assert.Equal(("h264", "yuv420p", 512, 512), (video.Codec, video.PixelFormat, video.Width, video.Height));
        Assert.Equal(frames / 25.0, video.DurationSeconds!.Value, 3);
        Assert.Equal(0, video.StartSeconds!.Value, 3);
    }

    [Fact]
    public async Task The_speech_in_it_is_the_original_one_from_its_first_sample()
    {
        var audio = (await MediaFile.ProbeAsync(talk.Video)).Audio!;
        Assert.Equal(("aac", 48000), (audio.Codec, audio.SampleRate));
        var (given, delivered) = (await MediaFile.DecodeAsync(Repository.Speech, 16000), await MediaFile.DecodeAsync(talk.Video, 16000));
        Assert.InRange(delivered.Length / 16000.0, (given.Length / 16000.0) - AacFrame, (given.Length / 16000.0) + AacFrame);
        Assert.True(Likeness(given, delivered, 0) > 0.98, "The delivered speech is not the original.");
        Assert.True(Likeness(given, delivered, 0) > Likeness(given, delivered, 160), "The delivered speech is late.");
        Assert.True(Likeness(given, delivered, 0) > Likeness(given, delivered, -160), "The delivered speech is early.");
    }

    [Fact]
    public async Task It_starts_to_play_before_it_is_whole()
    {
        var bytes = await File.ReadAllBytesAsync(talk.Video, TestContext.Current.CancellationToken);
        var (index, data) = (bytes.AsSpan().IndexOf("moov"u8), bytes.AsSpan().IndexOf("mdat"u8));
        Assert.True(index > 0 && index < data, "The index lies behind the data.");
    }

    [Fact]
    public async Task It_carries_nothing_of_the_inputs_but_picture_and_sound()
    {
        var info = await MediaFile.ProbeAsync(talk.Video);
        string[] known = ["major_brand", "minor_version", "compatible_brands"];
        Assert.Empty(info.Tags.Keys.Except(known));
        Assert.All(info.Streams, stream => Assert.Empty(stream.Tags.Keys.Except(["language", "handler_name", "vendor_id"])));
        Assert.DoesNotContain("portrait", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(talk.Video, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void The_command_tells_what_it_made()
    {
        var summary = talk.Summary;
        Assert.Equal(talk.Result.Error[0], summary.GetProperty("id").GetString());
        Assert.Equal(talk.Video, summary.GetProperty("video").GetString());
        Assert.Equal(223, summary.GetProperty("frames").GetInt32());
        Assert.Equal(8.92, summary.GetProperty("duration").GetDouble(), 3);
        Assert.Equal(3, summary.GetProperty("windows").GetInt32());
        Assert.Equal(7, summary.GetProperty("seed").GetInt64());
        Assert.Equal(512, summary.GetProperty("effective_size").GetProperty("width").GetInt32());
        string[] stages = ["prepare", "plan", "separate", "embed", "sample", "assemble", "publish"];
        Assert.Equal(stages.Order(), summary.GetProperty("seconds").EnumerateObject().Select(stage => stage.Name).Order());
    }

    [Fact]
    public void Nobody_is_told_that_it_is_WanVideo() =>
        Assert.Contains(talk.Result.Error, line => line.Contains("preview", StringComparison.OrdinalIgnoreCase));

    /// <summary>The correlation of two recordings, one of them moved by some samples.</summary>
    private static double Likeness(float[] left, float[] right, int shift)
    {
        var (product, leftPower, rightPower) = (0.0, 0.0, 0.0);
        for (var at = 2000; at < Math.Min(left.Length, right.Length) - 2000; at++)
        {
            product += left[at] * right[at + shift];
            leftPower += left[at] * left[at];
            rightPower += right[at + shift] * right[at + shift];
        }

        return product / Math.Sqrt(leftPower * rightPower);
    }
}
