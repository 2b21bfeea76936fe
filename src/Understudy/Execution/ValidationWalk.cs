using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>One walk over a graph, remembering what it found of each node.</summary>
internal sealed class ValidationWalk(JsonObject graph, NodeRegistry registry, EngineFolders folders)
{
    private readonly Dictionary<string, (bool Valid, List<InputFault> Faults)> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>The nodes with faults of their own, in the order in which they were looked at.</summary>
    public IEnumerable<(string Id, IReadOnlyList<InputFault> Faults)> Faulty =>
        _seen
            .Where(node => !node.Value.Valid && node.Value.Faults.Count > 0)
            .Select(node => (node.Key, (IReadOnlyList<InputFault>)node.Value.Faults));

    public IReadOnlyList<InputFault> FaultsOf(string id) => _seen.TryGetValue(id, out var seen) ? seen.Faults : [];

    public bool ValidateOutput(string id)
    {
        try
        {
            return ValidateNode(id);
        }
        catch (LookupException error)
        {
            _seen[id] = (false, [error.AsFault("exception_during_validation", "Exception when validating node", [])]);
            return false;
        }
    }

    private bool ValidateNode(string id)
    {
        if (_seen.TryGetValue(id, out var seen))
            return seen.Valid;
        // A cycle ends in a RecursionError in the real server, which leaves no fault behind.
        if (!_open.Add(id))
            return false;
        var node = graph[id] as JsonObject ?? throw LookupException.Key(id);
        var given = node["inputs"] as JsonObject ?? throw LookupException.Key("inputs");
        var type = registry.Find(node["class_type"]!.ToString())!;
        var faults = new List<InputFault>();
        var valid = true;
        var constants = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var input in type.Schema.Inputs)
        {
            if (!given.ContainsKey(input.Name))
            {
                if (input.Required)
                    faults.Add(new InputFault("required_input_missing", "Required input is missing", input.Name, InputValues.Named(input)));
            }
            else if (given[input.Name] is JsonArray link)
                valid &= ValidateLink(input, link, faults);
            else if (InputValues.Read(input, given[input.Name], faults, out var value))
                constants[input.Name] = value;
        }
        if (faults.Count == 0 && valid && type.Validate(new NodeInputs(constants), folders) is { } own)
        {
            var about = new JsonObject { ["input_name"] = own.Split(" - ")[0] };
            faults.Add(new InputFault("custom_validation_failed", "Custom validation failed for node", own, about));
        }
        _open.Remove(id);
        valid &= faults.Count == 0;
        _seen[id] = (valid, faults);
        return valid;
    }

    private bool ValidateLink(InputSpec input, JsonArray link, List<InputFault> faults)
    {
        if (link.Count != 2)
        {
            const string Message = "Bad linked input, must be a length-2 list of [node_id, slot_index]";
            faults.Add(InputValues.Fault(input, "bad_linked_input", Message, input.Name, link));
            return true;
        }
        var source = link[0]?.ToString() ?? "";
        var from = graph[source] as JsonObject ?? throw LookupException.Key(source);
        var outputs = registry.Find(from["class_type"]!.ToString())!.Schema.Outputs;
        if (link[1] is not JsonValue number
            || number.GetValueKind() != JsonValueKind.Number
            || !number.TryGetValue(out int slot)
            || slot < 0
            || slot >= outputs.Count)
            throw LookupException.Index();
        if (outputs[slot].Type != input.Type && outputs[slot].Type != "*" && input.Type != "*")
        {
            faults.Add(new InputFault(
                "return_type_mismatch",
                "Return type mismatch between linked nodes",
                $"{input.Name}, received_type({outputs[slot].Type}) mismatch input_type({input.Type})",
                new JsonObject
                {
                    ["input_name"] = input.Name,
                    ["input_config"] = input.Describe(always: true),
                    ["received_type"] = outputs[slot].Type,
                    ["linked_node"] = link.DeepClone(),
                }));
            return true;
        }
        try
        {
            return ValidateNode(source);
        }
        catch (LookupException error)
        {
            // The real server books it on the node that is linked, under the name of the input that links to it.
            var fault = error.AsFault("exception_during_inner_validation", "Exception when validating inner node", new JsonObject
            {
                ["input_name"] = input.Name,
                ["input_config"] = input.Describe(always: true),
                ["exception_message"] = error.Message,
                ["linked_node"] = link.DeepClone(),
            });
            _seen[source] = (false, [fault]);
            return false;
        }
    }

    /// <summary>A key or an index that is not there: what Python raises in the middle of validating.</summary>
    private sealed class LookupException(string type, string message) : Exception(message)
    {
        public static LookupException Key(string key) => new("KeyError", $"'{key}'");

        public static LookupException Index() => new("IndexError", "tuple index out of range");

        public InputFault AsFault(string kind, string text, JsonObject about)
        {
            about["exception_type"] = type;
            about["traceback"] = new JsonArray();
            return new InputFault(kind, text, Message, about);
        }
    }
}
