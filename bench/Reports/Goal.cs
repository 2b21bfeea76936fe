using System.Globalization;

namespace WanTalk.Bench.Reports;

/// <summary>What a figure should be.</summary>
/// <param name="Limit">The bound, itself allowed.</param>
/// <param name="IsCeiling">Whether less is better.</param>
internal sealed record Goal(double Limit, bool IsCeiling)
{
    /// <summary>No more than this.</summary>
    public static Goal AtMost(double limit) => new(limit, IsCeiling: true);

    /// <summary>No less than this.</summary>
    public static Goal AtLeast(double limit) => new(limit, IsCeiling: false);

    /// <summary>Whether a figure is as it should be.</summary>
    public bool IsMetBy(double value) => IsCeiling ? value <= Limit : value >= Limit;

    /// <inheritdoc/>
    public override string ToString() => $"{(IsCeiling ? "at most" : "at least")} {Limit.ToString("0.###", CultureInfo.InvariantCulture)}";
}
