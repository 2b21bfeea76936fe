using System.Diagnostics;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Faults;

/// <summary>The faults that strike a node as it begins, or the sampler before a window.</summary>
internal sealed class NodeFaults(FaultBoard board, TimeProvider time)
{
    private static readonly TimeSpan InterruptsAreSeen = TimeSpan.FromMilliseconds(50);

    /// <summary>A node begins: it may be slow, raise, or take the process with it.</summary>
    public async Task BeginNodeAsync(string id, string name, Action throwIfInterrupted, CancellationToken stop)
    {
        if (board.StrikeAndHold(FaultKind.SlowNode, fault => fault.IsOf(id, name), out var cleared) is { } slow)
            await WaitAsync(TimeSpan.FromSeconds(slow.Seconds), throwIfInterrupted, cleared, stop);
        CrashIf(fault => fault.IsOf(id, name));
        RunOutOfMemoryIf(fault => fault.IsOf(id, name));
        if (board.Strike(FaultKind.Exception, fault => fault.IsOf(id, name)) is { } fault)
            throw new NodeException(fault.Type, fault.Message);
    }

    /// <summary>A window begins.</summary>
    public void BeginWindow(int window)
    {
        CrashIf(fault => fault.Window == window);
        RunOutOfMemoryIf(fault => fault.Window == window);
    }

    /// <summary>A window's frames are made: a slow one lasts on.</summary>
    /// <param name="window">The window.</param>
    /// <param name="lasted">How long it took so far.</param>
    /// <param name="throwIfInterrupted">Notices an interrupt.</param>
    /// <param name="stop">Ends with the server.</param>
    public async Task EndWindowAsync(int window, TimeSpan lasted, Action throwIfInterrupted, CancellationToken stop)
    {
        if (board.StrikeAndHold(FaultKind.SlowWindow, fault => fault.Window is null || fault.Window == window, out var cleared) is { } slow)
            await WaitAsync(TimeSpan.FromSeconds(slow.Seconds) - lasted, throwIfInterrupted, cleared, stop);
    }

    /// <summary>Whether what a node makes is spoilt; where the fault names a window, only that one.</summary>
    public bool Spoils(FaultKind kind, int? window) =>
        board.Strike(kind, fault => fault.Window is null || fault.Window == window) is not null;

    /// <summary>Waits as a node that works: an interrupt is noticed now and then.</summary>
    private async Task WaitAsync(TimeSpan length, Action throwIfInterrupted, CancellationToken cleared, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        while (length - time.GetElapsedTime(start) is { Ticks: > 0 } left && !cleared.IsCancellationRequested)
        {
            await Task.Delay(left < InterruptsAreSeen ? left : InterruptsAreSeen, time, stop);
            throwIfInterrupted();
        }
    }

    /// <summary>Dies as a killed process does: nothing is closed, flushed or said.</summary>
    private void CrashIf(Func<Fault, bool> fits)
    {
        if (board.Strike(FaultKind.Crash, fits) is null)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        self.WaitForExit();
    }

    private void RunOutOfMemoryIf(Func<Fault, bool> fits)
    {
        if (board.Strike(FaultKind.OutOfMemory, fits) is not null)
            throw new NodeException(NodeException.OutOfMemory, "Allocation on device 0 failed. (A fault that was asked for.)");
    }
}
