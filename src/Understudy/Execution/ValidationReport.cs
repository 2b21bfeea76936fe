using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>What is wrong with a node's input, as the server words it.</summary>
internal sealed record InputFault(string Type, string Message, string Details, JsonObject ExtraInfo)
{
    public JsonObject ToJson() => new()
    {
        ["type"] = Type,
        ["message"] = Message,
        ["details"] = Details,
        ["extra_info"] = ExtraInfo.DeepClone(),
    };
}

/// <summary>The outcome of a validation: the outputs that may run, or the error; and what is wrong with each node.</summary>
internal sealed record ValidationReport(JsonObject? Error, IReadOnlyList<string> Outputs, JsonObject NodeErrors)
{
    public static ValidationReport Refused(string type, string message, string details) =>
        new(ErrorOf(type, message, details), [], []);

    public static JsonObject ErrorOf(string type, string message, string details) => new()
    {
        ["type"] = type,
        ["message"] = message,
        ["details"] = details,
        ["extra_info"] = new JsonObject(),
    };
}
