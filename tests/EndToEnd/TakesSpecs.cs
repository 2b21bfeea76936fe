using System.Text.Json;
using WanTalk.EndToEnd.Support;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Frames;
using WanTalk.Media.Pictures;

namespace WanTalk.EndToEnd;

/// <summary>A talk that is cut into takes.</summary>
public sealed class TakesSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Takes_are_planned_before_anything_runs_and_join_into_one_talk_whose_lips_follow_in_each()
    {
        string[] takes = ["--continuity", "takes", "--take-seconds", "4"];
        var planned = await WanTalkCommand.RunAsync(_folder, ["plan", Repository.Speech, .. takes]);
        Assert.True(planned.ExitCode == 0, planned.Said);
        var plan = JsonDocument.Parse(string.Join('\n', planned.Output)).RootElement;
        var cut = plan.GetProperty("takes")[1].GetProperty("first_frame").GetInt32();
        Assert.Equal((2, 4, 83), (plan.GetProperty("takes").GetArrayLength(), plan.GetProperty("windows").GetInt32(), plan.GetProperty("cut_frames").GetInt32()));

        var video = _folder.File("talk.mp4");
        var result = await WanTalkCommand.RunAsync(
            _folder, ["talk", Repository.Portrait, Repository.Speech, "--out", video, "--width", "320", "--height", "320", "--seed", "7", .. takes]);
        Assert.True(result.ExitCode == 0, result.Said);
        Assert.Contains(result.Error, line => line.Contains("2 takes", StringComparison.Ordinal));

        var envelope = await LipSync.EnvelopeAsync(Repository.Speech);
        var (openings, atCut) = await LookAsync(video, cut);
        Assert.Equal(envelope.Length, openings.Count);
        LipSync.AssertFollows(envelope[..cut], openings[..cut]);
        LipSync.AssertFollows(envelope[cut..], openings[cut..]);
        Assert.True(Difference(atCut.First, atCut.Next) < Difference(atCut.First, atCut.Last), "The second take does not begin from the portrait.");
    }

    [Fact]
    public async Task Takes_that_cannot_be_are_refused_in_one_line()
    {
        var unmeasured = await WanTalkCommand.RunAsync(_folder, "plan", "--seconds", "60", "--continuity", "takes");
        Assert.Equal(2, unmeasured.ExitCode);
        Assert.StartsWith("argument_invalid: Takes are cut at silences.", Assert.Single(unmeasured.Error));
        var unused = await WanTalkCommand.RunAsync(_folder, "talk", Repository.Portrait, Repository.Speech, "--take-seconds", "10");
        Assert.Equal(2, unused.ExitCode);
        Assert.StartsWith("settings_conflict: ", Assert.Single(unused.Error));
    }

    /// <summary>The mouth's opening in every frame; the first frame, and those on both sides of the cut.</summary>
    private static async Task<(List<double> Openings, (RgbImage First, RgbImage Last, RgbImage Next) AtCut)> LookAsync(string video, int cut)
    {
        var (openings, kept, meter) = (new List<double>(), new Dictionary<int, RgbImage>(), new MouthMeter());
        await foreach (var frame in new FrameReader(new FfmpegOptions()).ReadAsync(video, TestContext.Current.CancellationToken))
        {
            if (openings.Count == 0 || openings.Count == cut - 1 || openings.Count == cut)
            {
                kept[openings.Count] = frame;
            }

            openings.Add(meter.Measure(frame, TestContext.Current.CancellationToken)
                ?? throw new InvalidOperationException($"Frame {openings.Count} shows no face."));
        }

        return (openings, (kept[0], kept[cut - 1], kept[cut]));
    }

    private static double Difference(RgbImage one, RgbImage other)
    {
        var sum = 0L;
        for (var at = 0; at < one.Pixels.Length; at++)
        {
            sum += Math.Abs(one.Pixels[at] - other.Pixels[at]);
        }

        return (double)sum / one.Pixels.Length;
    }
}
