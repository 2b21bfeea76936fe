using WanTalk.Core.Plans;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Quotes;

/// <summary>Makes quotes of plans; pure.</summary>
public static class QuoteMaker
{
    private const int SecondsDecimals = 3;

    /// <summary>
    /// The quote of a plan. It has the kinds of GPUs that have a price or were measured; where there are none, those of which something is
    /// known (<see cref="GpuSpeeds.Defaults"/>).
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="speeds">How fast GPUs are.</param>
    /// <param name="prices">What they cost.</param>
    public static TalkQuote Quote(TalkPlan plan, TalkRequest request, GpuSpeeds speeds, GpuPrices prices)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(speeds);
        ArgumentNullException.ThrowIfNull(prices);
        var asked = prices.PerHour.Keys.Union(speeds.Measured.Keys).ToList();
        var kinds = (asked.Count > 0 ? asked : [.. GpuSpeeds.Defaults.Keys]).Order(StringComparer.Ordinal).ToList();
        var work = SamplingWork.Of(plan.EffectiveSize, request.Sampling);
        var quotes = kinds.Select(gpu => QuoteOn(gpu, plan.Windows, work, request.Sampling.Preset, speeds, prices)).ToList();
        return new TalkQuote(
            plan.Windows,
            plan.Takes.Count,
            plan.SampledFrames,
            plan.VisibleFrames,
            (double)plan.VisibleFrames / WindowArithmetic.FramesPerSecond,
            [.. quotes.OfType<GpuQuote>()],
            [.. request.Warnings, .. plan.Notes, .. NotesOn(plan, kinds.Where((_, index) => quotes[index] is null))]);
    }

    private static GpuQuote? QuoteOn(string gpu, int windows, double work, SamplingPreset preset, GpuSpeeds speeds, GpuPrices prices)
    {
        if (speeds.Of(gpu, preset) is not { } speed)
        {
            return null;
        }

        var perWindow = speed.Seconds * work;
        var seconds = perWindow * windows;
        var cost = prices.CostOf(gpu, seconds);
        return new GpuQuote(
            gpu, Math.Round(seconds, SecondsDecimals), cost, cost is null ? null : prices.Currency, Math.Round(perWindow, SecondsDecimals), speed.BasedOn);
    }

    private static IEnumerable<string> NotesOn(TalkPlan plan, IEnumerable<string> unknown)
    {
        if (plan.OnePrompt)
        {
            yield return "The seconds are those of the recommended settings: how long a workflow of one's own takes is not known before it has run.";
        }

        foreach (var gpu in unknown)
        {
            yield return $"How fast {gpu} is with these models is not known before a talk was made on it.";
        }
    }
}
