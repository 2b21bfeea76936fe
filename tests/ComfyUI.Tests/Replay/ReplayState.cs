using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>What the replayed server holds in memory: sockets, queue and history. It is gone when the server is killed.</summary>
public sealed class ReplayState
{
    private readonly object _lock = new();
    private readonly Dictionary<string, ReplayedPrompt> _pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReplayedPrompt> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _history = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JsonObject Entry, int Lag)> _late = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ReplayedSocket> _sockets = new(StringComparer.Ordinal);

    /// <summary>Whether messages reach nobody, as when another client does not read.</summary>
    public bool IsMuted { get; set; }

    /// <summary>How often history was still empty though the prompt was over.</summary>
    public int EmptyAnswers { get; private set; }

    public IReadOnlyCollection<string> Pending
    {
        get
        {
            lock (_lock)
                return [.. _pending.Keys];
        }
    }

    public IReadOnlyCollection<string> Running
    {
        get
        {
            lock (_lock)
                return [.. _running.Keys];
        }
    }

    /// <summary>A second socket under an id takes the first one's place, which stays open and hears nothing any more.</summary>
    public void Register(string clientId, ReplayedSocket socket) => _sockets[clientId] = socket;

    /// <summary>Whichever socket closes takes the registration of its id along, even that of another.</summary>
    public void Unregister(string clientId) => _sockets.TryRemove(clientId, out _);

    public void AbortSockets()
    {
        foreach (var (_, socket) in _sockets)
            socket.Abort();
    }

    public void Add(ReplayedPrompt prompt)
    {
        lock (_lock)
            _pending[prompt.Id] = prompt;
    }

    public void Take(ReplayedPrompt prompt)
    {
        lock (_lock)
        {
            if (_pending.Remove(prompt.Id))
                _running[prompt.Id] = prompt;
        }
    }

    /// <summary>Out of the queue and into history, in one step.</summary>
    public void Finish(ReplayedPrompt prompt, JsonObject entry)
    {
        lock (_lock)
        {
            if (_running.Remove(prompt.Id))
                _history[prompt.Id] = entry;
        }
    }

    public void FinishLate(ReplayedPrompt prompt, JsonObject entry, int lag)
    {
        lock (_lock)
            _late[prompt.Id] = (entry, lag);
    }

    /// <summary>Removes pending prompts; others are left alone, and nobody is told of one that goes.</summary>
    public void Delete(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
                _pending.Remove(id);
        }
    }

    public void DeletePending() => Delete(Pending);

    public void Interrupt(string id)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(id, out var prompt))
                prompt.Interrupt();
        }
    }

    public JsonObject History(string id)
    {
        lock (_lock)
        {
            if (_late.Remove(id, out var late))
            {
                EmptyAnswers++;
                if (late.Lag > 1)
                    _late[id] = late with { Lag = late.Lag - 1 };
                else if (_running.Remove(id))
                    _history[id] = late.Entry;
                return [];
            }
            return _history.TryGetValue(id, out var entry) ? new JsonObject { [id] = entry.DeepClone() } : [];
        }
    }

    public JsonObject Queue()
    {
        lock (_lock)
            return new JsonObject { ["queue_running"] = Items(_running.Keys), ["queue_pending"] = Items(_pending.Keys) };
    }

    /// <summary>Tells a message: about the queue to everyone, about the prompt to the client that sent it.</summary>
    public async Task SendAsync(ReplayedPrompt prompt, JsonObject frame, CancellationToken stop)
    {
        if (IsMuted)
            return;
        var recordedId = prompt.Recorded.Id!;
        var isBinary = frame["binary_base64"] is not null;
        var body = isBinary
            ? Translation.TranslateBinary(Convert.FromBase64String((string)frame["binary_base64"]!), recordedId, prompt.Id)
            : Translation.ToBytes(Spoiled(prompt, Translation.Translate(frame["json"], recordedId, prompt.Id)!));
        var isForAll = RecordedPrompt.TypeOf(frame) == "status";
        foreach (var (clientId, socket) in _sockets)
        {
            if (isForAll || clientId == prompt.ClientId)
                await socket.SendAsync(isBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, body, stop);
        }
    }

    /// <summary>Tells everyone what was recorded, as it was recorded.</summary>
    public async Task BroadcastAsync(IEnumerable<JsonObject> frames, CancellationToken stop)
    {
        foreach (var frame in frames.Where(frame => frame["json"] is not null))
        {
            foreach (var (_, socket) in _sockets)
                await socket.SendAsync(WebSocketMessageType.Text, Translation.ToBytes(frame["json"]), stop);
        }
    }

    private static JsonNode Spoiled(ReplayedPrompt prompt, JsonNode message)
    {
        if (message["data"] is JsonObject data)
            prompt.Spoil?.Invoke(data);
        return message;
    }

    private static JsonArray Items(IEnumerable<string> ids) =>
        new([.. ids.Select(id => new JsonArray(0, id, new JsonObject(), new JsonObject(), new JsonArray()))]);
}

/// <summary>One client's socket, as the server holds it.</summary>
public sealed class ReplayedSocket(WebSocket socket, Action abort)
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Breaks the connection, unless its request is over already.</summary>
    public void Abort()
    {
        try
        {
            abort();
        }
        catch (ObjectDisposedException)
        {
            // The request ended between being looked up and being told.
        }
    }

    public async Task SendAsync(WebSocketMessageType type, byte[] body, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            if (socket.State == WebSocketState.Open)
                await socket.SendAsync(body, type, true, stop);
        }
        catch (Exception error) when (error is WebSocketException or IOException or ObjectDisposedException)
        {
            // Whoever is gone is told nothing.
        }
        finally
        {
            _one.Release();
        }
    }
}
