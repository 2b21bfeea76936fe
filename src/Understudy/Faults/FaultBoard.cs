using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Faults;

/// <summary>The faults that were asked for and have not struck as often as they should.</summary>
internal sealed class FaultBoard(TimeProvider time) : IDisposable
{
    /// <summary>More faults at once are refused.</summary>
    public const int Capacity = 100;

    private readonly Lock _gate = new();
    private readonly List<Armed> _armed = [];
    private CancellationTokenSource _untilCleared = new();

    /// <summary>A fault and how often it still strikes.</summary>
    private sealed record Armed(Fault Fault, DateTimeOffset? End)
    {
        public int Left { get; set; } = Fault.Count;
    }

    /// <summary>Arms a fault; false if there are too many.</summary>
    public bool Arm(Fault fault)
    {
        lock (_gate)
        {
            DropEnded();
            if (_armed.Count >= Capacity)
                return false;
            var ends = fault is { Kind: FaultKind.Hang, Seconds: > 0 };
            _armed.Add(new Armed(fault, ends ? time.GetUtcNow() + TimeSpan.FromSeconds(fault.Seconds) : null));
            return true;
        }
    }

    /// <summary>Takes all faults back, and lets go what they hold.</summary>
    public void Clear()
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            _armed.Clear();
            (before, _untilCleared) = (_untilCleared, new CancellationTokenSource());
        }
        before.Cancel();
        before.Dispose();
    }

    /// <summary>The first armed fault of a kind that fits, which thereby has struck once; null if there is none.</summary>
    public Fault? Strike(FaultKind kind, Func<Fault, bool>? fits = null) => StrikeAndHold(kind, fits, out _);

    /// <summary>The same, for a fault that holds something until it is over.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="fits">Whether it fits; null for any of the kind.</param>
    /// <param name="cleared">Ends when this fault, with all others, is taken back: at once, if that happens right behind the strike.</param>
    public Fault? StrikeAndHold(FaultKind kind, Func<Fault, bool>? fits, out CancellationToken cleared)
    {
        lock (_gate)
        {
            cleared = _untilCleared.Token;
            DropEnded();
            if (_armed.Find(armed => armed.Fault.Kind == kind && fits?.Invoke(armed.Fault) != false) is not { } found)
                return null;
            if (--found.Left == 0)
                _armed.Remove(found);
            return found.End is { } end ? found.Fault with { Seconds = (end - time.GetUtcNow()).TotalSeconds } : found.Fault;
        }
    }

    /// <summary>Whether a fault of a kind is armed.</summary>
    public bool IsArmed(FaultKind kind)
    {
        lock (_gate)
        {
            DropEnded();
            return _armed.Exists(armed => armed.Fault.Kind == kind);
        }
    }

    /// <summary>What is armed, and how often each still strikes.</summary>
    public JsonObject Describe()
    {
        lock (_gate)
        {
            DropEnded();
            return new JsonObject
            {
                ["faults"] = new JsonArray([.. _armed.Select(armed => (JsonNode)(armed.Fault with { Count = armed.Left }).ToJson())]),
            };
        }
    }

    public void Dispose() => _untilCleared.Dispose();

    private void DropEnded() => _armed.RemoveAll(armed => armed.End <= time.GetUtcNow());
}
