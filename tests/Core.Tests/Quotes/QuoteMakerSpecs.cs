using CsCheck;
using WanTalk.Core.Plans;
using WanTalk.Core.Quotes;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Quotes;

public sealed class QuoteMakerSpecs
{
    private static readonly Gen<FrameSize> Sizes = Gen.Select(Gen.Int[8, 64], Gen.Int[8, 64], (width, height) => new FrameSize(16 * width, 16 * height));

    private static readonly Gen<SamplingPreset> Presets = Gen.Enum<SamplingPreset>();

    [Fact]
    public void A_minute_in_832x480_on_an_A100_takes_what_the_document_says()
    {
        var quote = Quote(60, new FrameSize(832, 480), SamplingPreset.Recommended, GpuSpeeds.Unmeasured, Prices(("A100", 1.90m)));

        Assert.Equal((21, 1, 1521, 1500, 60.0), (quote.Windows, quote.Takes, quote.SampledFrames, quote.VisibleFrames, quote.VideoSeconds));
        Assert.Equal(new GpuQuote("A100", 1044.225, 0.551119m, "USD", 49.725, QuoteBasis.Default), Assert.Single(quote.GpuKinds));
        Assert.Empty(quote.Notes);
    }

    [Fact]
    public void Seconds_are_windows_times_seconds_a_window_and_cost_follows_from_them() =>
        Gen.Select(Gen.Double[0.2, 36_000], Sizes, Presets, Gen.Double[0.01, 1000], Gen.Decimal[0, 100]).Sample((length, size, preset, speed, price) =>
        {
            var quote = Quote(length, size, preset, Measured("X1", preset, speed), Prices(("X1", price)));
            var gpu = Assert.Single(quote.GpuKinds);
            var seconds = quote.Windows * speed * SamplingWork.Of(size, SamplingPresets.Of(preset));
            Assert.Equal(seconds, gpu.GpuSeconds, 0.001);
            Assert.Equal((double)price * seconds / 3600, (double)gpu.Cost!.Value, 1e-6);
            Assert.Equal(QuoteBasis.Measured, gpu.BasedOn);
        });

    [Fact]
    public void More_speech_more_pixels_or_more_steps_never_cost_less() =>
        Gen.Select(Gen.Double[0.2, 3600], Gen.Double[0, 3600], Sizes, Gen.Int[0, 20]).Sample((length, more, size, side) =>
        {
            var prices = Prices(("T4", 1));
            decimal Cost(double seconds, FrameSize of, SamplingPreset preset) =>
                Quote(seconds, of, preset, GpuSpeeds.Unmeasured, prices).GpuKinds[0].Cost!.Value;
            var cost = Cost(length, size, SamplingPreset.Fast);
            Assert.True(cost <= Cost(length + more, size, SamplingPreset.Fast));
            Assert.True(cost <= Cost(length, size with { Width = size.Width + (16 * side) }, SamplingPreset.Fast));
            Assert.True(cost < Cost(length, size, SamplingPreset.Undistilled));
        });

    [Fact]
    public void A_kind_of_which_nothing_is_known_is_not_guessed_but_told()
    {
        var quote = Quote(7, FrameSize.Default, SamplingPreset.Best, Measured("X1", SamplingPreset.Fast, 3), Prices(("T4", 1), ("X2", 1)));
        Assert.Equal("T4", Assert.Single(quote.GpuKinds).Gpu);
        Assert.Equal(2, quote.Notes.Count);
        Assert.Contains("X1", quote.Notes[0], StringComparison.Ordinal);
        Assert.Contains("X2", quote.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_prices_and_history_every_known_kind_is_quoted_and_none_has_a_cost()
    {
        var quote = Quote(7, FrameSize.Default, SamplingPreset.Recommended, GpuSpeeds.Unmeasured, GpuPrices.None);
        Assert.Equal(GpuSpeeds.Defaults.Keys.Order(StringComparer.Ordinal), quote.GpuKinds.Select(gpu => gpu.Gpu));
        Assert.All(quote.GpuKinds, gpu => Assert.Equal((null, null), (gpu.Cost, gpu.Currency)));
    }

    [Fact]
    public void A_running_mean_stays_within_what_was_measured_and_follows_what_changes() =>
        Gen.Select(Gen.Int[1, 400], Gen.Double[0.1, 900]).Array[1, 20].Sample(talks =>
        {
            var record = GpuHistoryRecord.Empty("X1");
            foreach (var (windows, seconds) in talks)
            {
                record = record.With("t", SamplingPreset.Fast, new GpuUse("X1", windows, windows * seconds));
            }

            var mean = Assert.Single(record.Presets);
            Assert.InRange(mean.SecondsPerWindow, talks.Min(talk => talk.Item2) - 1e-6, talks.Max(talk => talk.Item2) + 1e-6);
            Assert.InRange(mean.Windows, 1, PresetMean.MaxWeight);
            Assert.Equal(50, mean.With(1_000_000, 50_000_000).SecondsPerWindow, 1.0);
        });

    private static TalkQuote Quote(double seconds, FrameSize size, SamplingPreset preset, GpuSpeeds speeds, GpuPrices prices)
    {
        var request = new TalkRequest
        {
            Id = "t",
            CreatedAt = default,
            PortraitName = "p",
            SpeechName = "s",
            RequestedSize = size,
            EffectiveSize = size,
            Seed = 1,
            Prompt = "",
            Warnings = [],
            Sampling = SamplingPresets.Of(preset),
        };
        return QuoteMaker.Quote(TalkPlanner.Plan(SpeechExtent.OfSeconds(seconds).Samples, size), request, speeds, prices);
    }

    private static GpuPrices Prices(params (string Gpu, decimal Price)[] prices) => new(prices.ToDictionary(one => one.Gpu, one => one.Price), "USD");

    private static GpuSpeeds Measured(string gpu, SamplingPreset preset, double seconds) =>
        new(new Dictionary<string, IReadOnlyDictionary<SamplingPreset, double>> { [gpu] = new Dictionary<SamplingPreset, double> { [preset] = seconds } });
}
