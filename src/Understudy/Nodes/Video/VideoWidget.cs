using System.Globalization;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Nodes.Video;

/// <summary>
/// An input that a video format adds to VHS_VideoCombine. The class takes it without validation: what comes is used as its text is, and a
/// value that is no False is true.
/// </summary>
internal sealed record VideoWidget(string Name, Func<JsonNode> Kind, string Default)
{
    /// <summary>Default, min, max and step as the description has them; null if it has none.</summary>
    public Func<JsonObject>? Options { get; init; }

    /// <summary>What the description has behind the options.</summary>
    public string? Template { get; init; }

    public static VideoWidget Choice(string name, params string[] choices) =>
        new(name, () => new JsonArray([.. choices.Select(choice => (JsonNode)choice)]), choices[0]);

    public static VideoWidget Flag(string name, bool value) =>
        new(name, () => "BOOLEAN", value ? "True" : "False") { Options = () => new JsonObject { ["default"] = value } };

    public static VideoWidget Int(string name, int value, int min, int max) =>
        new(name, () => "INT", value.ToString(CultureInfo.InvariantCulture))
        {
            Options = () => new JsonObject { ["default"] = value, ["min"] = min, ["max"] = max, ["step"] = 1 },
        };

    /// <summary>The same with a default of its own.</summary>
    public VideoWidget Or(string value) => this with { Default = value, Options = () => new JsonObject { ["default"] = value } };

    /// <summary>The text of what came under its name, or of the default.</summary>
    public string ValueIn(NodeInputs inputs) =>
        inputs.Values.TryGetValue(Name, out var value) ? PythonText.Of(value) : Default;

    public JsonArray Describe()
    {
        var description = new JsonArray(Name, Kind());
        if (Options is not null)
            description.Add((JsonNode)Options());
        if (Template is not null)
            description.Add((JsonNode)Template);
        return description;
    }
}
