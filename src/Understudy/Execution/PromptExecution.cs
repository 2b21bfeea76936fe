using System.Text.Json.Nodes;
using WanTalk.Understudy.Faults;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>One prompt being executed.</summary>
internal sealed class PromptExecution(PromptItem item, EngineParts parts, EngineState state, CancellationToken stop) : INodeHost
{
    private readonly PromptProgress _progress = new(item, parts.Sender, parts.Time);
    private readonly JsonArray _messages = [];
    private readonly JsonObject _outputs = [];
    private readonly List<string> _executed = [];

    public EngineFolders Folders => parts.Folders;

    public JsonObject Graph => item.Graph;

    public TimeProvider Time => parts.Time;

    public bool IsWatched => parts.Sender.IsHeard(item.ClientId);

    public void Progress(string node, double value, double max, byte[]? preview = null)
    {
        ThrowIfInterrupted();
        _progress.Move(node, value, max, preview);
    }

    public void ShowText(string node, string html) => parts.Sender.SendBinary(null, BinaryMessages.OfText(node, html));

    public void Send(string type, JsonObject data) => parts.Sender.Send(item.ClientId, type, data);

    public void ThrowIfInterrupted()
    {
        if (state.TakeInterrupt())
            throw new PromptInterruptedException();
    }

    public void BeginWindow(int window, string? folder)
    {
        parts.Faults.BeginWindow(window);
        Console.Error.WriteLine(folder is null ? $"Sampling window {window}" : $"Sampling window {window} of {folder}");
    }

    public Task EndWindowAsync(int window, TimeSpan lasted) => parts.Faults.EndWindowAsync(window, lasted, ThrowIfInterrupted, stop);

    public bool IsSpoilt(FaultKind kind, int? window = null) => parts.Faults.Spoils(kind, window);

    public async Task<JsonObject> RunAsync()
    {
        // An interrupt that came before the prompt began is forgotten, as in the real server.
        state.TakeInterrupt();
        state.Current = (item.ClientId, null);
        Tell("execution_start", []);
        parts.Cache.Begin(item.Graph);
        var cached = item.Graph.Select(node => node.Key).Where(id => parts.Cache.Find(id) is not null).ToList();
        Tell("execution_cached", new JsonObject { ["nodes"] = new JsonArray([.. cached.Select(id => (JsonNode)id)]) });
        var order = new ExecutionOrder(item.Graph, item.Outputs, parts.Registry, id => parts.Cache.Find(id) is not null);
        var succeeded = true;
        while (succeeded && !order.IsEmpty)
        {
            var id = order.Next();
            succeeded = await RunNodeAsync(id);
            order.Done(id);
        }
        if (succeeded)
            Tell("execution_success", []);
        return Entry(succeeded);
    }

    private async Task<bool> RunNodeAsync(string id)
    {
        var node = item.Graph[id]!;
        var name = node["class_type"]!.ToString();
        if (parts.Cache.Find(id) is { } kept)
        {
            if (item.ClientId is not null)
            {
                TellClient("executed", new JsonObject { ["node"] = id, ["display_node"] = id, ["output"] = kept.Ui?.DeepClone() });
                if (kept.Ui is not null)
                    _outputs[id] = kept.Ui.DeepClone();
            }
            _progress.Finish(id);
            return true;
        }
        var inputs = new Dictionary<string, object?>(StringComparer.Ordinal);
        try
        {
            var type = parts.Registry.Find(name)!;
            Gather(type, node["inputs"]!.AsObject(), inputs);
            state.Current = (item.ClientId, id);
            _progress.Start(id);
            if (item.ClientId is not null)
                TellClient("executing", new JsonObject { ["node"] = id, ["display_node"] = id });
            ThrowIfInterrupted();
            await parts.Faults.BeginNodeAsync(id, name, ThrowIfInterrupted, stop);
            var result = await Task.Run(() => type.RunAsync(new NodeInputs(inputs), new NodeContext(item.Id, id, this, stop)), stop);
            parts.Cache.Store(id, new CachedResult(result.Outputs, result.Ui));
            if (result.Ui is not null)
            {
                _outputs[id] = result.Ui.DeepClone();
                if (item.ClientId is not null)
                    TellClient("executed", new JsonObject { ["node"] = id, ["display_node"] = id, ["output"] = result.Ui.DeepClone() });
            }
            _progress.Finish(id);
            _executed.Add(id);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (PromptInterruptedException)
        {
            Tell("execution_interrupted", new JsonObject { ["node_id"] = id, ["node_type"] = name, ["executed"] = Executed() }, toAll: true);
            return false;
        }
        catch (Exception error)
        {
            // Whatever a node throws is told to the client; the server goes on.
            Tell("execution_error", ErrorOf(id, name, inputs, error));
            return false;
        }
    }

    private void Gather(Node type, JsonObject given, Dictionary<string, object?> inputs)
    {
        foreach (var input in type.Schema.Inputs)
        {
            if (given[input.Name] is JsonArray { Count: 2 } link)
                inputs[input.Name] = parts.Cache.Find(link[0]!.ToString())!.Outputs[(int)link[1]!];
            else if (given.ContainsKey(input.Name))
                inputs[input.Name] = InputValues.Read(input, given[input.Name], [], out var value) ? value : null;
        }
        foreach (var name in type.Schema.UndeclaredIn(given))
            inputs[name] = given[name]?.DeepClone();
    }

    private JsonObject ErrorOf(string id, string name, Dictionary<string, object?> inputs, Exception error) => new()
    {
        ["node_id"] = id,
        ["node_type"] = name,
        ["executed"] = Executed(),
        ["exception_message"] = error is NodeException told ? told.Told : error.Message + "\n",
        ["exception_type"] = error is NodeException known ? known.Type : error.GetType().FullName,
        ["traceback"] = new JsonArray($"  The understudy, in {name}\n"),
        ["current_inputs"] = new JsonObject(inputs.Select(input =>
            KeyValuePair.Create(input.Key, (JsonNode?)new JsonArray(Shown(input.Value))))),
        ["current_outputs"] = new JsonArray([.. item.Graph.Select(node => (JsonNode)node.Key)]),
    };

    /// <summary>Constants as they are, whatever else a node was given as text.</summary>
    private static JsonNode? Shown(object? value) => value switch
    {
        null => null,
        double number => PythonJson.Number(number),
        decimal number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        _ => JsonValue.Create($"<{value.GetType().Name}>"),
    };

    private JsonArray Executed() => new([.. _executed.Select(id => (JsonNode)id)]);

    /// <summary>A message that history keeps, too.</summary>
    private void Tell(string type, JsonObject about, bool toAll = false)
    {
        var data = new JsonObject { ["prompt_id"] = item.Id };
        foreach (var (name, value) in about)
            data[name] = value?.DeepClone();
        data["timestamp"] = parts.Time.GetUtcNow().ToUnixTimeMilliseconds();
        _messages.Add((JsonNode)new JsonArray(type, data.DeepClone()));
        if (item.ClientId is not null || toAll)
            parts.Sender.Send(item.ClientId, type, data);
    }

    private void TellClient(string type, JsonObject data)
    {
        data["prompt_id"] = item.Id;
        parts.Sender.Send(item.ClientId, type, data);
    }

    private JsonObject Entry(bool succeeded) => new()
    {
        ["prompt"] = item.ToJson(),
        ["outputs"] = _outputs.DeepClone(),
        ["status"] = new JsonObject
        {
            ["status_str"] = succeeded ? "success" : "error",
            ["completed"] = succeeded,
            ["messages"] = _messages.DeepClone(),
        },
        ["meta"] = new JsonObject(_outputs.Select(output => KeyValuePair.Create(output.Key, (JsonNode?)new JsonObject
        {
            ["node_id"] = output.Key,
            ["display_node"] = output.Key,
            ["parent_node"] = null,
            ["real_node_id"] = output.Key,
        }))),
    };
}
