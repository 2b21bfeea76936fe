using System.Text.Json;
using System.Text.Json.Serialization;

namespace WanTalk.Core.Json;

/// <summary>The one JSON dialect of WanTalk: snake_case names and enumeration values, absent instead of null.</summary>
public static class CoreJson
{
    /// <summary>Compact form, for artifacts, messages and HTTP bodies.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>Indented form, for what a person reads.</summary>
    public static JsonSerializerOptions Readable { get; } = Create(indented: true);

    /// <summary>Serialises to UTF-8 in the compact form.</summary>
    public static byte[] ToBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Reads UTF-8 JSON; a JSON null is a <see cref="JsonException"/>.</summary>
    public static T FromBytes<T>(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<T>(utf8, Options) ?? throw new JsonException($"Expected a {typeof(T).Name}, found null.");

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            NumberHandling = JsonNumberHandling.Strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = indented,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
