using System.Text.Json.Nodes;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>
/// Which node is next, as ComfyUI's ExecutionList picks it: a ready output node; else one that an output waits for; else one that is two
/// away from an output; else the first that is ready. Ancestors of a node whose result is kept are not in the list.
/// </summary>
internal sealed class ExecutionOrder
{
    private readonly JsonObject _graph;
    private readonly NodeRegistry _registry;
    private readonly List<string> _pending = [];
    private readonly Dictionary<string, int> _waitsFor = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _blocks = new(StringComparer.Ordinal);

    public ExecutionOrder(JsonObject graph, IEnumerable<string> outputs, NodeRegistry registry, Func<string, bool> isCached)
    {
        (_graph, _registry) = (graph, registry);
        foreach (var output in outputs)
            Add(output, isCached);
    }

    public bool IsEmpty => _pending.Count == 0;

    public string Next()
    {
        var ready = _pending.Where(id => _waitsFor[id] == 0).ToList();
        return ready.Find(IsOutput)
            ?? ready.Find(id => _blocks[id].Exists(IsOutput))
            ?? ready.Find(id => _blocks[id].Exists(next => _blocks[next].Exists(IsOutput)))
            ?? ready[0];
    }

    public void Done(string id)
    {
        _pending.Remove(id);
        foreach (var next in _blocks[id])
            _waitsFor[next]--;
    }

    private void Add(string output, Func<string, bool> isCached)
    {
        var open = new Stack<string>([output]);
        var links = new List<(string From, string To)>();
        while (open.TryPop(out var id))
        {
            if (!_waitsFor.TryAdd(id, 0))
                continue;
            _pending.Add(id);
            _blocks[id] = [];
            foreach (var source in SourcesOf(id))
            {
                if (isCached(source))
                    continue;
                open.Push(source);
                links.Add((source, id));
            }
        }
        foreach (var (from, to) in links)
        {
            _blocks[from].Add(to);
            _waitsFor[to]++;
        }
    }

    private IEnumerable<string> SourcesOf(string id)
    {
        var inputs = _graph[id]!["inputs"]!.AsObject();
        foreach (var input in _registry.Find(_graph[id]!["class_type"]!.ToString())!.Schema.Inputs)
        {
            if (inputs[input.Name] is JsonArray { Count: 2 } link)
                yield return link[0]!.ToString();
        }
    }

    private bool IsOutput(string id) => _registry.Find(_graph[id]!["class_type"]!.ToString())!.Schema.IsOutput;
}
