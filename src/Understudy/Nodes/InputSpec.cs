using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Nodes;

/// <summary>One input of a node class: its type as ComfyUI names it, and what its value must be.</summary>
internal sealed record InputSpec(string Name, string Type)
{
    public bool Required { get; init; } = true;

    /// <summary>The allowed values of a choice; null if the input is none.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Whether the choices are the files that are in the input folder at the moment.</summary>
    public bool ListsInputFolder { get; init; }

    public JsonNode? Default { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public decimal? Step { get; init; }

    public bool Multiline { get; init; }

    /// <summary>Further options of the description, such as image_upload.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>Whether the class checks the value itself (VALIDATE_INPUTS), so that neither range nor list is looked at.</summary>
    public bool ChecksItself { get; init; }

    /// <summary>Whether the class is of the newer kind (V3), which describes choices in another way.</summary>
    public bool Newer { get; init; }

    public static InputSpec Link(string name, string type) => new(name, type);

    public static InputSpec Int(string name, long? value = null, decimal? min = null, decimal? max = null, decimal? step = null) =>
        new(name, "INT") { Default = value, Min = min, Max = max, Step = step };

    public static InputSpec Float(string name, double? value = null, decimal? min = null, decimal? max = null, decimal? step = null) =>
        new(name, "FLOAT") { Default = value, Min = min, Max = max, Step = step };

    public static InputSpec Text(string name, string? value = null, bool multiline = false) =>
        new(name, "STRING") { Default = value, Multiline = multiline };

    public static InputSpec Flag(string name, bool value) => new(name, "BOOLEAN") { Default = value };

    public static InputSpec Choice(string name, IReadOnlyList<string> choices, string? value = null) =>
        new(name, "COMBO") { Choices = choices, Default = value };

    public InputSpec Optional() => this with { Required = false };

    /// <summary>The description in object_info: the type or the list of choices, then the options if there are any.</summary>
    public JsonArray Describe(bool always = false)
    {
        var options = Options();
        JsonNode type = Choices is not null && !Newer ? new JsonArray([.. Choices.Select(choice => (JsonNode)choice)]) : (JsonNode)Type;
        return options.Count > 0 || always ? new JsonArray(type, options) : new JsonArray(type);
    }

    private JsonObject Options()
    {
        var options = (JsonObject?)Extra?.DeepClone() ?? [];
        if (Choices is not null && Newer)
            options["options"] = new JsonArray([.. Choices.Select(choice => (JsonNode)choice)]);
        if (Default is not null)
            options["default"] = Default.DeepClone();
        if (Min is not null)
            options["min"] = Min;
        if (Max is not null)
            options["max"] = Max;
        if (Step is not null)
            options["step"] = Step;
        if (Multiline)
            options["multiline"] = true;
        return options;
    }
}
