using CliWrap;
using WanTalk.Understudy.Speech;

namespace WanTalk.Understudy.Tests.Speech;

/// <summary>Samples in memory, and the repository's sample speech among them.</summary>
internal sealed class SampleSpeech(float[] samples) : ISampleSource
{
    public const int FrameSamples = 640;

    public long Length => samples.Length;

    public int Frames => (int)((Length + FrameSamples - 1) / FrameSamples);

    /// <summary>The most that was asked for at once: what bounds memory.</summary>
    public int LargestRead { get; private set; }

    public static async Task<SampleSpeech> Load(CancellationToken cancellationToken)
    {
        using var pcm = new MemoryStream();
        await Cli.Wrap("ffmpeg")
            .WithArguments(["-v", "error", "-nostdin", "-i", Path.Combine(Repository.Root, "samples", "speech.wav"), "-ac", "1", "-ar", "16000", "-f", "f32le", "-"])
            .WithStandardOutputPipe(PipeTarget.ToStream(pcm))
            .ExecuteAsync(cancellationToken);
        return new SampleSpeech(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(pcm.ToArray()).ToArray());
    }

    public void Read(long start, Span<float> destination)
    {
        LargestRead = Math.Max(LargestRead, destination.Length);
        for (var i = 0; i < destination.Length; i++)
            destination[i] = start + i >= 0 && start + i < samples.Length ? samples[start + i] : 0;
    }

    /// <summary>Root mean square of each frame's own samples.</summary>
    public double[] Envelope() =>
    [
        .. Enumerable.Range(0, Frames).Select(frame =>
            Math.Sqrt(samples.Skip(frame * FrameSamples).Take(FrameSamples).Sum(s => (double)s * s) / FrameSamples)),
    ];

    /// <summary>The speech, louder or softer.</summary>
    public SampleSpeech Times(float gain) => new([.. samples.Select(s => s * gain)]);

    /// <summary>All features, frame by frame.</summary>
    public float[][] Features(int? frames = null)
    {
        var all = new List<float[]>();
        SpeechFeatures.Extract(
            this,
            frames ?? Frames,
            (frame, numbers) =>
            {
                Assert.Equal(all.Count, frame);
                all.Add(numbers.ToArray());
            },
            TestContext.Current.CancellationToken);
        return [.. all];
    }
}
