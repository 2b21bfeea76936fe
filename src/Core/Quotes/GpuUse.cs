namespace WanTalk.Core.Quotes;

/// <summary>What was sampled on GPUs of one kind.</summary>
/// <param name="Gpu">The kind (<see cref="GpuKind"/>).</param>
/// <param name="Windows">How many windows.</param>
/// <param name="Seconds">How long they took, all together.</param>
public sealed record GpuUse(string Gpu, int Windows, double Seconds)
{
    /// <summary>Adds up uses: one for each kind, in the order of kinds.</summary>
    public static IReadOnlyList<GpuUse> Sum(IEnumerable<GpuUse> uses) =>
    [
        .. uses.GroupBy(use => use.Gpu, StringComparer.Ordinal)
            .Select(same => new GpuUse(same.Key, same.Sum(use => use.Windows), same.Sum(use => use.Seconds)))
            .OrderBy(use => use.Gpu, StringComparer.Ordinal),
    ];
}
