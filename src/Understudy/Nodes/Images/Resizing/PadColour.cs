using System.Drawing;
using System.Globalization;

namespace WanTalk.Understudy.Nodes.Images.Resizing;

/// <summary>A colour as pad_color writes it: "255, 0, 0", shares of one, #RRGGBB, a name, or one number for a grey; else black.</summary>
internal static class PadColour
{
    public static byte[] Parse(string text)
    {
        var fields = text.Split(',');
        var numbers = new double[fields.Length];
        var areNumbers = true;
        for (var i = 0; i < fields.Length; i++)
            areNumbers &= double.TryParse(fields[i].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
        if (areNumbers)
        {
            var scale = Array.TrueForAll(numbers, number => number is >= 0 and <= 1) ? 255 : 1;
            var bytes = numbers.Select(number => (byte)Math.Clamp(Math.Truncate(number * scale), 0, 255)).ToArray();
            return bytes.Length switch
            {
                1 => [bytes[0], bytes[0], bytes[0]],
                >= 3 => bytes[..3],
                _ => [0, 0, 0],
            };
        }
        var hex = text.TrimStart('#');
        if (hex.Length is 6 or 8
            && uint.TryParse(hex.AsSpan(0, 6), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
            return [(byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb];
        // An unknown name is black, all zeros.
        var named = Color.FromName(text);
        return [named.R, named.G, named.B];
    }
}
