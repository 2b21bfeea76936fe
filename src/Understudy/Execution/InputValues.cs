using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>Reads constants as Python's int(), float(), str() and bool() would, and checks their ranges and lists.</summary>
internal static class InputValues
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Reads a constant; false, and a fault, if it is not a value of the input.</summary>
    public static bool Read(InputSpec input, JsonNode? given, List<InputFault> faults, out object? value)
    {
        if (!Convert(input, given, out value, out var complaint))
        {
            var fault = Fault(
                input,
                "invalid_input_type",
                $"Failed to convert an input value to a {input.Type} value",
                $"{input.Name}, {Shown(given)}, {complaint}",
                given);
            fault.ExtraInfo["exception_message"] = complaint;
            faults.Add(fault);
            return false;
        }
        if (input.ChecksItself)
            return true;
        if (OutOfRange(input, value) is { } range)
        {
            faults.Add(Fault(input, range.Type, range.Message, input.Name, given));
            return false;
        }
        if (input.Choices is not { } choices || (value is string text && choices.Contains(text)))
            return true;
        var list = choices.Count > 20 ? $"(list of length {choices.Count})" : $"[{string.Join(", ", choices.Select(choice => $"'{choice}'"))}]";
        faults.Add(Fault(input, "value_not_in_list", "Value not in list", $"{input.Name}: {Quoted(given)} not in {list}", given));
        return false;
    }

    public static JsonObject Named(InputSpec input) => new() { ["input_name"] = input.Name };

    public static InputFault Fault(InputSpec input, string type, string message, string details, JsonNode? received)
    {
        var about = new JsonObject
        {
            ["input_name"] = input.Name,
            ["input_config"] = input.Describe(always: true),
            ["received_value"] = received?.DeepClone(),
        };
        return new InputFault(type, message, details, about);
    }

    private static bool Convert(InputSpec input, JsonNode? given, out object? value, out string complaint)
    {
        complaint = "";
        var kind = given?.GetValueKind() ?? JsonValueKind.Null;
        var text = kind == JsonValueKind.String ? given!.GetValue<string>() : given?.ToJsonString() ?? "null";
        switch (input.Type)
        {
            case "INT":
                value = ToInteger(kind, text);
                complaint = value is not null ? "" : kind == JsonValueKind.String
                    ? $"invalid literal for int() with base 10: '{text}'"
                    : $"int() argument must be a string, a bytes-like object or a real number, not '{PythonType(kind)}'";
                return value is not null;
            case "FLOAT":
                value = ToFloat(kind, text);
                complaint = value is not null ? "" : kind == JsonValueKind.String
                    ? $"could not convert string to float: '{text}'"
                    : $"float() argument must be a string or a real number, not '{PythonType(kind)}'";
                return value is not null;
            case "STRING":
                value = Shown(given);
                return true;
            case "BOOLEAN":
                value = kind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.Number => ToFloat(kind, text) is not 0.0,
                    JsonValueKind.String => text.Length > 0,
                    _ => false,
                };
                return true;
            default:
                value = kind == JsonValueKind.String ? text : (object?)given;
                return true;
        }
    }

    private static object? ToInteger(JsonValueKind kind, string text) => kind switch
    {
        JsonValueKind.True => 1m,
        JsonValueKind.False => 0m,
        JsonValueKind.Number when decimal.TryParse(text, NumberStyles.Float, Invariant, out var number) => decimal.Truncate(number),
        JsonValueKind.String when decimal.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, Invariant, out var number) => number,
        _ => null,
    };

    private static object? ToFloat(JsonValueKind kind, string text) => kind switch
    {
        JsonValueKind.True => 1.0,
        JsonValueKind.False => 0.0,
        JsonValueKind.Number or JsonValueKind.String when double.TryParse(text.Trim(), NumberStyles.Float, Invariant, out var number) => number,
        _ => null,
    };

    private static (string Type, string Message)? OutOfRange(InputSpec input, object? value)
    {
        if (input.Type is not ("INT" or "FLOAT"))
            return null;
        var number = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (input.Min is { } min && (value is decimal low ? low < min : number < (double)min))
            return ("value_smaller_than_min", $"Value {Number(value)} smaller than min of {Bound(min)}");
        if (input.Max is { } max && (value is decimal high ? high > max : number > (double)max))
            return ("value_bigger_than_max", $"Value {Number(value)} bigger than max of {Bound(max)}");
        return null;
    }

    /// <summary>A bound is shown as it was declared: 1 stays 1 and 1.0 stays 1.0, for decimals keep their digits.</summary>
    private static string Bound(decimal bound) => bound.ToString(CultureInfo.InvariantCulture);

    private static string Number(object? value) => value switch
    {
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e16 => number.ToString("0.0", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string Shown(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "None",
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => node.ToJsonString(),
    };

    private static string Quoted(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? $"'{node.GetValue<string>()}'" : Shown(node);

    private static string PythonType(JsonValueKind kind) => kind == JsonValueKind.Object ? "dict" : "NoneType";
}
