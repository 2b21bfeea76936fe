using WanTalk.EndToEnd.Support;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Frames;
using WanTalk.Media.Pictures;

namespace WanTalk.EndToEnd;

/// <summary>What a person sees: measured on the decoded frames of the finished file.</summary>
[Collection(SampleTalk.Collection)]
public class LipSyncSpecs(SampleTalk talk)
{
    [Fact]
    public async Task The_mouth_follows_the_speech_closes_in_silence_and_leaves_the_rest_alone()
    {
        var envelope = await LipSync.EnvelopeAsync(Repository.Speech);
        var openings = new List<double>();
        RgbImage? first = null;
        var largestChange = 0.0;
        var meter = new MouthMeter();
        await foreach (var frame in new FrameReader(new FfmpegOptions()).ReadAsync(talk.Video, TestContext.Current.CancellationToken))
        {
            first ??= frame;
            openings.Add(meter.Measure(frame, TestContext.Current.CancellationToken)
                ?? throw new InvalidOperationException($"Frame {openings.Count} shows no face."));
            largestChange = Math.Max(largestChange, ChangeOutsideOfTheHead(first, frame));
        }

        Assert.Equal(envelope.Length, openings.Count);
        LipSync.AssertFollows(envelope, openings);

        var loudest = envelope.Max();
        var quiet = Enumerable.Range(3, envelope.Length - 6)
            .Where(at => envelope[(at - 3)..(at + 4)].All(level => level < 0.01 * loudest)).Select(at => openings[at]).ToList();
        Assert.NotEmpty(quiet);
        var (open, closed) = (openings.Max(), openings.Min());
        Assert.All(quiet, opening => Assert.True(opening - closed < 0.2 * (open - closed), $"Open by {opening} in silence; {closed} to {open}"));
        Assert.True(largestChange < 1.5, $"Something outside of the head changes by {largestChange} of 255 on average.");
    }

    /// <summary>
    /// The mean change of the left and right fifths and the lower third of the picture, which the sample's head does not reach. That
    /// these are unchanged to the bit is specified where the frames are made; here an encoder has been at work.
    /// </summary>
    private static double ChangeOutsideOfTheHead(RgbImage first, RgbImage frame)
    {
        var (sum, count) = (0L, 0L);
        for (var y = 0; y < frame.Height; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                if (x < frame.Width / 5 || x >= frame.Width * 4 / 5 || y >= frame.Height * 2 / 3)
                {
                    var at = 3 * ((y * frame.Width) + x);
                    sum += Math.Abs(first.Pixels[at] - frame.Pixels[at]);
                    count++;
                }
            }
        }

        return (double)sum / count;
    }
}
