using System.Runtime.InteropServices;
using WanTalk.Core.Takes;

namespace WanTalk.Media.Speech;

/// <summary>Measures decoded speech as it streams by: interleaved 32-bit floats at 48 kHz, one or two channels.</summary>
internal sealed class SpeechMeter(int channels)
{
    private const int BlockSamples = 960;
    private const float ClippedFrom = 0.999f;
    private const double SilentBelowDbfs = -50;
    private readonly LoudnessMeter _loudness = new(channels);
    private readonly SilenceFinder _silences = new(BlockSamples);
    private double _sumOfSquares;
    private double _blockSumOfSquares;
    private long _blocks;
    private long _silentBlocks;
    private long _clipped;
    private float _peak;
    private float _meanPeak;

    /// <summary>Samples of each channel so far.</summary>
    public long Samples { get; private set; }

    /// <summary>The loudest sample, in dBFS; -infinity for nothing but zeros.</summary>
    public double PeakDbfs => Decibels(_peak);

    /// <summary>The loudest sample of the channels' mean, in dBFS: silence when two channels cancel each other out.</summary>
    public double MeanPeakDbfs => Decibels(_meanPeak);

    /// <summary>Root mean square, in dBFS.</summary>
    public double RmsDbfs => Samples == 0 ? double.NegativeInfinity : Decibels(Math.Sqrt((_sumOfSquares + _blockSumOfSquares) / (Samples * channels)));

    /// <summary>Integrated loudness in LUFS, or null.</summary>
    public double? LoudnessLufs => _loudness.Integrated();

    /// <summary>Share of 20 ms blocks that are silent; the last, shorter block counts when it is the only one.</summary>
    public double SilentShare => _blocks == 0 ? (RmsDbfs < SilentBelowDbfs ? 1 : 0) : _silentBlocks / (double)_blocks;

    /// <summary>Where nobody speaks for a while.</summary>
    public IReadOnlyList<Silence> Silences => _silences.Find();

    /// <summary>Share of samples at full scale.</summary>
    public double ClippedShare => Samples == 0 ? 0 : _clipped / (double)(Samples * channels);

    /// <summary>Reads a pipe of little-endian floats to its end.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="maxSamples">Where to stop.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>False when there was more than <paramref name="maxSamples"/>.</returns>
    public async Task<bool> ReadAsync(Stream pipe, long maxSamples, CancellationToken cancellationToken)
    {
        var frame = sizeof(float) * channels;
        var buffer = new byte[frame * 8192];
        int count;
        do
        {
            count = await pipe.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            var samples = MemoryMarshal.Cast<byte, float>(buffer.AsSpan(0, count - (count % frame)));
            Silence(samples);
            Add(samples);
            if (Samples > maxSamples)
                return false;
        }
        while (count == buffer.Length);
        return true;
    }

    /// <summary>Adds interleaved samples, whole frames of them.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        _loudness.Add(samples);
        for (var i = 0; i < samples.Length; i += channels)
        {
            var sum = 0f;
            foreach (var sample in samples.Slice(i, channels))
            {
                var size = Math.Abs(sample);
                _peak = Math.Max(_peak, size);
                _clipped += size >= ClippedFrom ? 1 : 0;
                _blockSumOfSquares += (double)sample * sample;
                sum += sample;
            }

            _meanPeak = Math.Max(_meanPeak, Math.Abs(sum / channels));
            if (++Samples % BlockSamples == 0)
                EndBlock();
        }
    }

    /// <summary>A file of floats may hold what is not a number; one of these would spoil every measure behind it.</summary>
    private static void Silence(Span<float> samples)
    {
        foreach (ref var sample in samples)
        {
            if (!float.IsFinite(sample))
                sample = 0;
        }
    }

    private void EndBlock()
    {
        _blocks++;
        var level = Decibels(Math.Sqrt(_blockSumOfSquares / (BlockSamples * channels)));
        _silences.Add(level);
        if (level < SilentBelowDbfs)
            _silentBlocks++;
        _sumOfSquares += _blockSumOfSquares;
        _blockSumOfSquares = 0;
    }

    private static double Decibels(double amplitude) => 20 * Math.Log10(amplitude);
}
