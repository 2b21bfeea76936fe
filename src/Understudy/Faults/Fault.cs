using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Faults;

/// <summary>What can be made to go wrong.</summary>
internal enum FaultKind
{
    /// <summary>A node takes its time before it begins.</summary>
    SlowNode,

    /// <summary>A window, or each window, lasts at least so long.</summary>
    SlowWindow,

    /// <summary>A node raises an exception when it begins.</summary>
    Exception,

    /// <summary>The GPU's memory runs out before a window, or when a node begins.</summary>
    OutOfMemory,

    /// <summary>The process dies before a window, or when a node begins, as if killed.</summary>
    Crash,

    /// <summary>Sockets stay open and say nothing; a strike is a prompt.</summary>
    SilentSockets,

    /// <summary>A finished prompt is not in history yet, but still running by the queue; a strike is a prompt.</summary>
    StalledHistory,

    /// <summary>Requests get no answer while it lasts, and sockets hear nothing; a strike is a request.</summary>
    Hang,

    /// <summary>The separation gives vocals that are no numbers.</summary>
    NanVocals,

    /// <summary>The audio embedding has a row too few.</summary>
    ShortEmbedding,

    /// <summary>A window's frames are black.</summary>
    BlackWindow,

    /// <summary>A window's frames are no numbers.</summary>
    NanWindow,
}

/// <summary>One fault that was asked for.</summary>
internal sealed record Fault(FaultKind Kind)
{
    /// <summary>A node's id or class; null for any node, where nothing else says where it strikes.</summary>
    public string? Node { get; init; }

    /// <summary>The window that it strikes or spoils; null for any, where it is only about windows.</summary>
    public int? Window { get; init; }

    /// <summary>How long: a slow node's delay, a slow window's length, a stalled history's lag, a hang's length (0: until it is cleared).</summary>
    public double Seconds { get; init; }

    /// <summary>How many looks at a stalled history are in vain, beside the seconds.</summary>
    public int Looks { get; init; }

    /// <summary>The exception's type.</summary>
    public string Type { get; init; } = "RuntimeError";

    /// <summary>The exception's message.</summary>
    public string Message { get; init; } = "A fault that was asked for.";

    /// <summary>How often it strikes before it is gone.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether it strikes when a node begins.</summary>
    public bool IsOf(string id, string name) => Window is null && (Node is null || Node == id || Node == name);

    /// <summary>As it is shown.</summary>
    public JsonObject ToJson() => new()
    {
        ["kind"] = FaultJson.NameOf(Kind),
        ["node"] = Node,
        ["window"] = Window,
        ["seconds"] = Seconds,
        ["looks"] = Looks,
        ["type"] = Type,
        ["message"] = Message,
        ["count"] = Count,
    };
}
