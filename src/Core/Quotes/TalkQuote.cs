namespace WanTalk.Core.Quotes;

/// <summary>What a quote's seconds come from.</summary>
public enum QuoteBasis
{
    /// <summary>Talks that were made here.</summary>
    Measured,

    /// <summary><see cref="GpuSpeeds.Defaults"/>.</summary>
    Default,
}

/// <summary>What a talk would take, before anything of it is done.</summary>
/// <param name="Windows">Windows, over all takes.</param>
/// <param name="Takes">Takes.</param>
/// <param name="SampledFrames">Frames that are sampled.</param>
/// <param name="VisibleFrames">Frames that are shown.</param>
/// <param name="VideoSeconds">The video's length.</param>
/// <param name="GpuKinds">What it takes on each kind of GPU, in the order of their names.</param>
/// <param name="Notes">What the caller should know, one sentence each.</param>
public sealed record TalkQuote(
    int Windows, int Takes, int SampledFrames, int VisibleFrames, double VideoSeconds, IReadOnlyList<GpuQuote> GpuKinds, IReadOnlyList<string> Notes);

/// <summary>What a talk would take on one kind of GPU.</summary>
/// <param name="Gpu">The kind (<see cref="GpuKind"/>).</param>
/// <param name="GpuSeconds">How long its windows are sampled, all together.</param>
/// <param name="Cost">What that costs; null without a price.</param>
/// <param name="Currency">The cost's currency; null without a price.</param>
/// <param name="SecondsPerWindow">How long one window is sampled.</param>
/// <param name="BasedOn">What the seconds come from.</param>
public sealed record GpuQuote(string Gpu, double GpuSeconds, decimal? Cost, string? Currency, double SecondsPerWindow, QuoteBasis BasedOn);
