using System.Text.Json;
using WanTalk.Core.Json;

namespace WanTalk.Local.Durable;

/// <summary>Inputs, results and events on their way through the database: JSON, or null.</summary>
internal static class Payload
{
    // Eight levels less than an event or a turn may have, so that what is accepted here can always be written with what is around it.
    private static readonly JsonSerializerOptions Options = new(CoreJson.Options) { MaxDepth = 56 };

    /// <summary>A value as JSON; null stays null. A value that has no JSON is an exception to whoever hands it over.</summary>
    public static JsonElement? From<T>(T value) => value is null ? null : JsonSerializer.SerializeToElement(value, Options);

    /// <summary>JSON as a value; null is the type's default.</summary>
    public static T To<T>(JsonElement? json) => json is { } element ? element.Deserialize<T>(Options)! : default!;

    /// <summary>JSON as the text of a column.</summary>
    public static string? ToText(JsonElement? json) => json?.GetRawText();

    /// <summary>The text of a column as JSON.</summary>
    public static JsonElement? FromText(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text, Options);
}
