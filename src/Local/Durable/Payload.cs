using System.Text.Json;
using WanTalk.Core.Json;

namespace WanTalk.Local.Durable;

/// <summary>Inputs, results and events on their way through the database: JSON, or null.</summary>
internal static class Payload
{
    /// <summary>A value as JSON; null stays null.</summary>
    public static JsonElement? From<T>(T value) => value is null ? null : JsonSerializer.SerializeToElement(value, CoreJson.Options);

    /// <summary>JSON as a value; null is the type's default.</summary>
    public static T To<T>(JsonElement? json) => json is { } element ? element.Deserialize<T>(CoreJson.Options)! : default!;

    /// <summary>JSON as the text of a column.</summary>
    public static string? ToText(JsonElement? json) => json?.GetRawText();

    /// <summary>The text of a column as JSON.</summary>
    public static JsonElement? FromText(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text, CoreJson.Options);
}
