namespace WanTalk.Core.Quotes;

/// <summary>The kinds of GPUs, by which time is measured and priced: <c>A100</c>, <c>T4</c>, <c>RTX-4090</c>.</summary>
public static class GpuKind
{
    /// <summary>The kind of the understudy, which makes previews on a CPU.</summary>
    public const string Preview = "cpu-preview";

    private const int MaxLength = 40;

    private static readonly char[] Separators = [' ', '-', '_'];

    private static readonly string[] Makers = ["NVIDIA", "TESLA", "GEFORCE", "AMD", "INTEL", "RADEON"];

    private static readonly string[] Buses = ["PCIE", "SXM", "SXM2", "SXM3", "SXM4", "SXM5", "NVL", "HBM2", "HBM2E", "HBM3", "HBM3E"];

    /// <summary>The kind in what an engine calls its device, as ComfyUI does: <c>cuda:0 NVIDIA A100 80GB PCIe : cudaMallocAsync</c>.</summary>
    /// <returns>The model's words without its maker, memory and bus, in capitals, joined by dashes; null when nothing is left.</returns>
    public static string? OfDevice(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var name = device.Split(" : ")[0];
        return Of(name.StartsWith("cuda:", StringComparison.OrdinalIgnoreCase) ? name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..] : name);
    }

    /// <summary>The kind in a name as people write it: <c>a100</c>, <c>RTX 4090</c>.</summary>
    /// <returns>As <see cref="OfDevice"/>.</returns>
    public static string? Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = name.ToUpperInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => string.Concat(word.Where(char.IsAsciiLetterOrDigit)))
            .Where(word => word.Length > 0 && !Makers.Contains(word))
            .TakeWhile(word => !Buses.Contains(word) && !IsMemory(word));
        var kind = string.Join('-', words);
        return kind.Equals(Preview, StringComparison.OrdinalIgnoreCase) ? Preview
            : kind.Length is > 0 and <= MaxLength ? kind : null;
    }

    private static bool IsMemory(string word) => word.EndsWith("GB", StringComparison.Ordinal) && word[..^2].All(char.IsAsciiDigit);
}
