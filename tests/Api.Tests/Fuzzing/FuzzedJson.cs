using System.Text;
using System.Text.Json;
using CsCheck;
using WanTalk.Core.Intake;
using WanTalk.Core.Sampling;

namespace WanTalk.Api.Tests.Fuzzing;

/// <summary>Bodies in JSON, mostly wrong: fields of the request with values of every kind, and bytes that are no JSON.</summary>
internal static class FuzzedJson
{
    /// <summary>Texts that readers stumble over, and any.</summary>
    public static readonly Gen<string> Text = Gen.Frequency<string>(
        (3, Gen.OneOf<string>("", " ", "none", "auto", "recommended", "takes", "true", "NaN", "1e400", "-0", "http://", "https://[::1", "file:///etc/passwd",
            "https://u:p@example.com", "https://example.com/x",
            "data:;base64,", "data:image/png;base64,iVBORw0KGgo=", "data:,x", "../../x", "\u0000",
            "İ\u202e\ufeff", "{}", "[]", "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{}}}", "talk.completed")),
        (2, Gen.String[0, 40]),
        (1, Gen.Select(Gen.Char, Gen.Int[1, 6_000]).Select((character, count) => new string(character, count))));

    private static readonly Gen<string> Scalar = Gen.OneOf<string>(
        Text.Select(text => JsonSerializer.Serialize(text)),
        Gen.OneOf<string>("null", "true", "false", "0", "-1", "1", "7", "640", "1e3", "1.5", "1e999", "-1e999", "9007199254740992",
            "18446744073709551616", "0.1e-400",
            "\"\\ud800\"", "\"\\u0000\"", "01", "+1", "NaN", "'x'", "\"\\x\""),
        Gen.Int.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double.Select(number => JsonSerializer.Serialize(double.IsFinite(number) ? number : 0)));

    private static readonly Gen<string> Name = Gen.Frequency<string>(
        (12, Gen.OneOf<string>([.. TalkField.Names, "input", "webhook", "policy", "executionTimeout", "ttl", "class_type", "inputs"])), (1, Text));

    private static readonly Gen<string> Value = Nested(Nested(Scalar));

    /// <summary>An object of fields, some of them given twice.</summary>
    public static readonly Gen<string> Fields = Gen.Select(Name, Value).Array[0, 8].Select(Object);

    /// <summary>A request that could be one: values of the right kind, at and beyond their ends.</summary>
    public static readonly Gen<string> Plausible = Gen.Select(
        Gen.OneOf<(string, string)[]>([], [], [(TalkField.ImageUrl, "\"https://example.com/p.png\""), (TalkField.AudioUrl, "\"https://example.com/s.wav\"")]),
        Gen.OneOf<(string, string)>([.. TalkField.Own.Select(Typed), .. SamplingField.All.Select(Typed)]).Array[0, 4])
        .Select((inputs, fields) => Object([.. inputs, .. fields.DistinctBy(field => field.Item1)]));

    /// <summary>Fields that never make a talk: the seed is wrong.</summary>
    public static readonly Gen<string> RefusedFields = Fields.Select(text => text == "{}" ? """{"seed":-1}""" : $"{{\"seed\":-1,{text[1..]}");

    /// <summary>A body.</summary>
    /// <param name="whole">What it is before it is damaged, if it is.</param>
    public static Gen<byte[]> Body(Gen<string> whole) => Gen.Frequency<byte[]>(
        (6, whole.Select(Encoding.UTF8.GetBytes)),
        (2, Gen.Select(whole, Gen.Int[0, 500], Gen.Byte).Select(Damage)),
        (1, Gen.Byte.Array[0, 200]),
        (1, Gen.Select(Gen.OneOf<string>("[", "{\"a\":", "{\"workflow\":", "{\"input\":", "{\"metadata\":["), Gen.Int[1, 300])
            .Select((part, count) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, count))))));

    private static Gen<string> Nested(Gen<string> inner) => Gen.Frequency<string>(
        (4, inner),
        (1, inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
        (1, Gen.Select(Name, inner).Array[0, 4].Select(Object)));

    private static Gen<(string, string)> Typed(TalkField field) =>
        Typed(field.Type, field.Choices, field.Least, field.Most).Select(value => (field.Name, value));

    private static Gen<(string, string)> Typed(SamplingField setting) =>
        Typed(setting.Type, setting.Choices, setting.Range?.Least, setting.Range?.Most).Select(value => (setting.Name, value));

    private static Gen<string> Typed(string type, IReadOnlyList<string> choices, double? least, double? most) => type switch
    {
        "integer" => Gen.OneOf<long>([0, 1, (long)(least ?? 0), (long)(most ?? 9), (long)(least ?? 0) - 1, (long)(most ?? 9) + 1]).Select(Written),
        "number" => Gen.OneOf<double>([0, 0.1, 1, least ?? 0, most ?? 9, (least ?? 0) - 0.1, (most ?? 9) + 0.1]).Select(Written),
        "boolean" => Gen.Bool.Select(Written),
        "array" => Gen.OneOf<string>([.. choices, ""]).Array[0, 3].Select(Written),
        "object" => Gen.Select(Text, Text).Array[0, 3].Select(entries => Object([.. entries.Select(entry => (entry.Item1, Written(entry.Item2)))])),
        _ when choices.Count > 0 => Gen.OneOf<string>([.. choices, "other"]).Select(Written),
        _ => Text.Select(Written),
    };

    private static string Written<T>(T value) => JsonSerializer.Serialize(value);

    private static string Object(params (string Name, string Value)[] fields) =>
        $"{{{string.Join(',', fields.Select(field => $"{JsonSerializer.Serialize(field.Name)}:{field.Value}"))}}}";

    /// <summary>Another byte somewhere, or an end there.</summary>
    private static byte[] Damage(string whole, int place, byte other)
    {
        var bytes = Encoding.UTF8.GetBytes(whole);
        if (place >= bytes.Length)
        {
            return bytes[..(bytes.Length / 2)];
        }

        bytes[place] = other;
        return bytes;
    }
}
