using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>A node's kept result.</summary>
internal sealed record CachedResult(IReadOnlyList<object?> Outputs, JsonObject? Ui);

/// <summary>
/// The results of the last prompt's nodes, by class, inputs and ancestors: what the next prompt does not contain is dropped when it
/// begins. Two nodes of the same class and inputs share a result.
/// </summary>
internal sealed class ResultCache(NodeRegistry registry, EngineFolders folders)
{
    private readonly Dictionary<string, CachedResult> _results = new(StringComparer.Ordinal);
    private Dictionary<string, string> _signatures = new(StringComparer.Ordinal);

    /// <summary>Begins a prompt: only results that its nodes could use are kept.</summary>
    public void Begin(JsonObject graph)
    {
        _signatures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, _) in graph)
            SignatureOf(graph, id, []);
        Keep(_signatures.Values.ToHashSet(StringComparer.Ordinal));
    }

    public CachedResult? Find(string node) => _results.GetValueOrDefault(_signatures[node]);

    public void Store(string node, CachedResult result) => _results[_signatures[node]] = result;

    public void Clear() => Keep([]);

    private void Keep(HashSet<string> wanted)
    {
        var dropped = _results.Where(result => !wanted.Contains(result.Key)).ToList();
        foreach (var (signature, _) in dropped)
            _results.Remove(signature);
        // A value may be in several results: a node may pass on what it was given.
        var alive = _results.Values.SelectMany(result => result.Outputs).OfType<IDisposable>().ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var value in dropped.SelectMany(result => result.Value.Outputs).OfType<IDisposable>().Distinct(ReferenceEqualityComparer.Instance))
        {
            if (!alive.Contains(value))
                ((IDisposable)value!).Dispose();
        }
    }

    private string SignatureOf(JsonObject graph, string id, HashSet<string> open)
    {
        if (_signatures.TryGetValue(id, out var known))
            return known;
        // Nodes that no valid output needs may be anything, a cycle even; they are never run.
        if (graph[id] is not JsonObject node || node["inputs"] is not JsonObject inputs || !open.Add(id))
            return _signatures[id] = Unique();
        var type = registry.Find(node["class_type"]!.ToString())!;
        var parts = new StringBuilder(type.Schema.Class).Append('|').Append(FingerprintOf(type, inputs));
        foreach (var input in type.Schema.Inputs.Where(input => inputs.ContainsKey(input.Name)))
        {
            parts.Append('|').Append(input.Name).Append('=').Append(inputs[input.Name] is JsonArray { Count: 2 } link
                ? $"{SignatureOf(graph, link[0]?.ToString() ?? "", open)}:{link[1]}"
                : inputs[input.Name]?.ToJsonString());
        }
        foreach (var name in type.Schema.UndeclaredIn(inputs))
            parts.Append('|').Append(name).Append('=').Append(inputs[name]?.ToJsonString());
        open.Remove(id);
        return _signatures[id] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts.ToString())));
    }

    private string FingerprintOf(Node type, JsonObject inputs)
    {
        var constants = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var input in type.Schema.Inputs)
        {
            if (!inputs.ContainsKey(input.Name) || inputs[input.Name] is JsonArray)
                continue;
            if (InputValues.Read(input, inputs[input.Name], [], out var value))
                constants[input.Name] = value;
        }
        try
        {
            return type.Fingerprint(new NodeInputs(constants), folders) ?? Unique();
        }
        catch (Exception error) when (error is NodeException or IOException or UnauthorizedAccessException)
        {
            return Unique();
        }
    }

    private static string Unique() => Guid.NewGuid().ToString("N");
}
