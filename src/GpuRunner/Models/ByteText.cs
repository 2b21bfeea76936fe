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

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 100 ? Math.Round(value) : Math.Round(value, 1)):0.#} {Units[unit]}");
    }
}
