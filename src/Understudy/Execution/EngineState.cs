using WanTalk.Understudy.Faults;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>What every execution works with.</summary>
internal sealed record EngineParts(
    NodeRegistry Registry, ResultCache Cache, EngineFolders Folders, IMessageSender Sender, TimeProvider Time, NodeFaults Faults);

/// <summary>The flags between requests and the execution.</summary>
internal sealed class EngineState
{
    private int _interrupted;
    private int _clearing;
    private volatile CurrentWork _current = new(null, null);

    /// <summary>The client and the node that are being worked for, for sockets that join late.</summary>
    public (string? ClientId, string? Node) Current
    {
        get => (_current.ClientId, _current.Node);
        set => _current = new CurrentWork(value.ClientId, value.Node);
    }

    /// <summary>Raises the flag that running nodes look at.</summary>
    public void Interrupt() => Interlocked.Exchange(ref _interrupted, 1);

    /// <summary>Whether the flag was up; it is down afterwards.</summary>
    public bool TakeInterrupt() => Interlocked.Exchange(ref _interrupted, 0) == 1;

    /// <summary>Has the cache emptied before the next prompt.</summary>
    public void ClearCacheLater() => Interlocked.Exchange(ref _clearing, 1);

    /// <summary>Whether the cache is to be emptied; asked once.</summary>
    public bool TakeClearing() => Interlocked.Exchange(ref _clearing, 0) == 1;

    private sealed record CurrentWork(string? ClientId, string? Node);
}
