using System.Text.Json.Nodes;
using WanTalk.Understudy.Faults;

namespace WanTalk.Understudy.Execution;

/// <summary>The prompts that wait, the one that runs, and those that are over.</summary>
internal sealed class PromptQueue(HistoryFaults faults) : IDisposable
{
    /// <summary>More pending prompts are refused.</summary>
    public const int Capacity = 1000;

    private const int HistoryCapacity = 1000;
    private readonly Lock _gate = new();
    private readonly List<PromptItem> _pending = [];
    private readonly OrderedDictionary<string, string> _history = [];
    private readonly SemaphoreSlim _waiting = new(0);
    private PromptItem? _running;

    /// <summary>Called after every change, with the number of prompts that are pending or running.</summary>
    public event Action<int>? Changed;

    public int Remaining
    {
        get
        {
            lock (_gate)
                return _pending.Count + (_running is null ? 0 : 1);
        }
    }

    /// <summary>Queues a prompt; false if the queue is full.</summary>
    public bool Add(PromptItem item)
    {
        lock (_gate)
        {
            if (_pending.Count >= Capacity)
                return false;
            _pending.Add(item);
        }
        Tell();
        _waiting.Release();
        return true;
    }

    /// <summary>Waits for the prompt with the smallest number and makes it the running one.</summary>
    public async Task<PromptItem> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _waiting.WaitAsync(cancellationToken);
            lock (_gate)
            {
                // Prompts that were deleted leave the semaphore too high.
                if (_pending.MinBy(item => item.Number) is not { } next)
                    continue;
                _pending.Remove(next);
                _running = next;
            }
            Tell();
            return _running;
        }
    }

    /// <summary>The running prompt is over: it is in history from now on.</summary>
    public void Finish(JsonObject entry)
    {
        lock (_gate)
        {
            var id = _running!.Id;
            faults.Finished(_running);
            _running = null;
            _history.Remove(id);
            _history.Add(id, entry.ToJsonString());
            if (_history.Count > HistoryCapacity)
                _history.RemoveAt(0);
        }
        Tell();
    }

    public void Delete(IReadOnlyCollection<string> ids)
    {
        lock (_gate)
        {
            if (_pending.RemoveAll(item => ids.Contains(item.Id)) == 0)
                return;
        }
        Tell();
    }

    public void Clear()
    {
        lock (_gate)
            _pending.Clear();
        Tell();
    }

    public void DeleteHistory(IReadOnlyCollection<string>? ids)
    {
        lock (_gate)
        {
            if (ids is null)
                _history.Clear();
            foreach (var id in ids ?? [])
                _history.Remove(id);
        }
    }

    public bool IsRunning(string id)
    {
        lock (_gate)
            return _running?.Id == id;
    }

    public JsonObject Describe()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["queue_running"] = new JsonArray([.. Running().Select(item => (JsonNode)item.ToJson())]),
                ["queue_pending"] = new JsonArray([.. _pending.Select(item => (JsonNode)item.ToJson())]),
            };
        }
    }

    /// <summary>History's entries, oldest first: of one prompt, or from an offset on (null: the newest) and at most so many.</summary>
    public JsonObject History(string? id, int? maxItems = null, int? offset = null)
    {
        lock (_gate)
        {
            if (id is not null)
            {
                var isSeen = _history.TryGetValue(id, out var entry) && !faults.HidesFrom(id);
                return isSeen ? new JsonObject { [id] = JsonNode.Parse(entry!) } : [];
            }
            var seen = _history.Where(one => !faults.HidesFrom(one.Key)).ToList();
            var first = offset ?? (maxItems is { } newest ? Math.Max(0, seen.Count - newest) : 0);
            var chosen = seen.Skip(first).Take(maxItems ?? int.MaxValue);
            return new JsonObject(chosen.Select(one => KeyValuePair.Create(one.Key, JsonNode.Parse(one.Value))));
        }
    }

    /// <summary>What runs, what waits, and what is over: all at one moment.</summary>
    public (IReadOnlyList<PromptItem> Running, IReadOnlyList<PromptItem> Pending, IReadOnlyList<JsonObject> Finished) Survey()
    {
        lock (_gate)
        {
            var finished = _history.Where(one => !faults.HidesFrom(one.Key)).Select(one => JsonNode.Parse(one.Value)!.AsObject());
            return ([.. Running()], [.. _pending], [.. finished]);
        }
    }

    public void Dispose() => _waiting.Dispose();

    private IEnumerable<PromptItem> Running() => _running is null ? faults.Unseen : faults.Unseen.Append(_running);

    private void Tell() => Changed?.Invoke(Remaining);
}
