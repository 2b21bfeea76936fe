using System.Runtime.InteropServices;
using WanTalk.Core.Takes;

namespace WanTalk.Media.Speech;

/// <summary>Measures decoded speech as it streams by: interleaved 32-bit floats at 48 kHz, one or two channels.</summary>
internal sealed class SpeechMeter(int channels)
{
    private const int BlockSamples = 960;
    private const float ClippedFrom = 0.999f;
    private const double SilentBelowDbfs = -50;

    /// <summary>A waveform that only touches full scale is there for one or two samples.</summary>
    private const int ClippedRun = 3;
    private const double LowestDb = -120;
    private readonly LoudnessMeter _loudness = new(channels);
    private readonly SilenceFinder _silences = new(BlockSamples);
    private double _sumOfSquares;
    private double _blockSumOfSquares;
    private long _blocks;
    private long _silentBlocks;
    private readonly int[] _run = new int[channels];
    private readonly double[] _channelSumOfSquares = new double[channels];
    private double _meanSumOfSquares;
    private long _clipped;
    private long _clippedInRuns;
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

    /// <summary>Share of samples in runs of three and more at full scale.</summary>
    public double ClippedRunShare => Samples == 0 ? 0 : _clippedInRuns / (double)(Samples * channels);

    /// <summary>How much quieter the quieter of two channels is, in dB, 0..120; 0 for one.</summary>
    public double ChannelDifferenceDb => Ratio(_channelSumOfSquares.Min(), _channelSumOfSquares.Max());

    /// <summary>How much the channels' mean is quieter than the channels, in dB, 0..120; 0 for one.</summary>
    public double CancellationDb => Ratio(_meanSumOfSquares, _channelSumOfSquares.Average());

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
            for (var channel = 0; channel < channels; channel++)
            {
                var sample = samples[i + channel];
                var size = Math.Abs(sample);
                _peak = Math.Max(_peak, size);
                CountClipped(channel, size >= ClippedFrom);
                _blockSumOfSquares += (double)sample * sample;
                _channelSumOfSquares[channel] += (double)sample * sample;
                sum += sample;
            }

            var mean = sum / channels;
            _meanPeak = Math.Max(_meanPeak, Math.Abs(mean));
            _meanSumOfSquares += (double)mean * mean;
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

    private void CountClipped(int channel, bool isClipped)
    {
        if (!isClipped)
        {
            _run[channel] = 0;
            return;
        }

        _clipped++;
        _run[channel]++;
        _clippedInRuns += _run[channel] switch
        {
            < ClippedRun => 0,
            ClippedRun => ClippedRun,
            _ => 1,
        };
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

    private static double Ratio(double quieter, double louder) =>
        louder > 0 ? Math.Clamp(-10 * Math.Log10(Math.Max(quieter / louder, 1e-30)), 0, -LowestDb) : 0;

    private static double Decibels(double amplitude) => 20 * Math.Log10(amplitude);
}
