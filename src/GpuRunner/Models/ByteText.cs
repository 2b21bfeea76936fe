using System.Globalization;

namespace WanTalk.GpuRunner.Models;

/// <summary>Bytes for people: decimal units, as repositories of models give them.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A number of bytes with a unit.</summary>
    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < Units.Length - 1; unit++)
        {
            value /= 1000;
        }

        var rounded = Math.Round(value, unit == 0 || value >= 100 ? 0 : 1);
        return string.Create(CultureInfo.InvariantCulture, $"{rounded:0.#} {Units[unit]}");
    }
}
