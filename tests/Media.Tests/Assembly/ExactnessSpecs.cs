using System.Runtime.InteropServices;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;
using WanTalk.Media.Assembly;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Pictures;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;
using WanTalk.Media.Windows;

namespace WanTalk.Media.Tests.Assembly;

/// <summary>
/// Speeches of any length, planned, encoded and assembled as talks are. Each frame carries its number, so that one that is lost, doubled or
/// at another place is seen; each sample that the speech has is in the video, and at most one AAC frame more.
/// </summary>
public sealed class ExactnessSpecs(WindowLibrary library) : IClassFixture<WindowLibrary>
{
    private const int Talks = 200;
    private const int Seed = 20261201;
    private const int AacFrame = 1024;
    private const double Shortest = 0.2;
    private const double Longest = 60;
    private const int Rate = WindowArithmetic.SpeechSampleRate;
    private static readonly FfmpegOptions Ffmpeg = new();
    private static readonly FrameSize Size = new(CodedFrames.Side, CodedFrames.Side);

    [Fact]
    public async Task Two_hundred_speeches_of_0_2_to_60_s_come_to_exactly_their_frames_and_their_sound()
    {
        // As many short ones as long ones: half of them have one window, the others up to twenty-one.
        var random = new Random(Seed);
        var lengths = Enumerable.Range(0, Talks).Select(_ => (long)(Rate * Shortest * Math.Pow(Longest / Shortest, random.NextDouble()))).ToList();
        await Parallel.ForEachAsync(
            lengths,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Tools.Token },
            async (samples, _) => await AssertExactAsync(samples));
    }

    private async Task AssertExactAsync(long samples)
    {
        using var folder = new TempFolder();
        var plan = TalkPlanner.Plan(samples, Size);
        var segments = await Task.WhenAll(KeptOf(plan.Keep).Select((frames, window) => library.SegmentAsync(window, frames)));
        // A beep at its very beginning tells where the sound begins; silence behind it is quickly encoded.
        await Tools.FfmpegAsync($"-f lavfi -i sine=f=1000:r={Rate}:d=0.1,volume=12dB,apad=whole_len={samples} {{0}}", folder["speech.flac"]);
        await new AacEncoder(Ffmpeg).EncodeAsync(folder["speech.flac"], folder["speech.m4a"], Tools.Token);
        var parts = new TalkParts(segments, folder["speech.m4a"], plan.VisibleFrames, plan.SpeechSamples);
        var finished = await new TalkAssembler(Ffmpeg).AssembleAsync(parts, folder["talk.mp4"], Tools.Token);
        Assert.True(finished is { Video.StartSeconds: 0, Audio.StartSeconds: 0 }, $"{samples} samples: picture and sound do not begin together.");

        await Tools.FfmpegAsync("-i {0} -map 0:v -fps_mode passthrough -pix_fmt rgb24 -f rawvideo {1} -map 0:a -f s16le {2}", folder["talk.mp4"], folder["frames"], folder["samples"]);
        var expected = (int)Math.Ceiling(samples / 1920.0);
        var frames = NumbersIn(await File.ReadAllBytesAsync(folder["frames"], Tools.Token));
        Assert.True(Enumerable.Range(0, expected).SequenceEqual(frames), $"{samples} samples: {expected} frames, and not {string.Join(' ', frames)}");
        var sound = MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(folder["samples"], Tools.Token));
        Assert.True(sound.Length - samples is >= 0 and < AacFrame, $"{samples} samples became {sound.Length}");
        Assert.InRange(sound.IndexOfAnyInRange((short)2000, short.MaxValue), 0, Rate / 1000);
    }

    /// <summary>The numbers that decoded frames carry.</summary>
    private static List<int> NumbersIn(byte[] frames) =>
        [.. frames.Chunk(3 * Size.Width * Size.Height).Select(pixels => CodedFrames.Read(new RgbImage(Size.Width, Size.Height, pixels)))];

    /// <summary>What each window of a plan shows.</summary>
    private static IEnumerable<WindowFrames> KeptOf(IEnumerable<int> keep) => keep.Select((frames, window) =>
        new WindowFrames(Size.Width, Size.Height, window == 0 ? 0 : WindowArithmetic.TailFrames, frames));
}
