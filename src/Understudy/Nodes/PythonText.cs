using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes;

/// <summary>Values as Python's str() writes them, and integers as its int() reads them.</summary>
internal static class PythonText
{
    public static string Of(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        string text => text,
        double number => Of(number),
        JsonValue json => Of(json),
        JsonNode json => json.ToJsonString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>int() of a text.</summary>
    public static BigInteger ToInteger(string text) =>
        BigInteger.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new NodeException("ValueError", $"invalid literal for int() with base 10: '{text}'");

    private static string Of(double number)
    {
        if (number == Math.Floor(number) && Math.Abs(number) < 1e16)
            return number.ToString("0.0", CultureInfo.InvariantCulture);
        return double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }

    private static string Of(JsonValue json) => json.GetValueKind() switch
    {
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.String => json.GetValue<string>(),
        _ => json.ToJsonString(),
    };
}
