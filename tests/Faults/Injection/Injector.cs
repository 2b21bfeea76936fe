using WanTalk.Faults.Houses;
using WanTalk.Faults.Plans;
using WanTalk.Faults.Runs;

namespace WanTalk.Faults.Injection;

/// <summary>Does what a plan says, at its moments, and logs each fault with its target.</summary>
internal sealed class Injector(IReadOnlyDictionary<House, RunningHouse> houses, RunLog log)
{
    /// <summary>A lease of a runner that is alone, of which a pause leaves nothing.</summary>
    private const double LeaseSeconds = 8;

    private readonly Lock _gate = new();
    private readonly List<InjectedFault> _done = [];
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _armed = [];

    /// <summary>All that met something.</summary>
    public IReadOnlyList<InjectedFault> Done
    {
        get
        {
            lock (_gate)
            {
                return [.. _done];
            }
        }
    }

    /// <summary>Carries out a plan's faults, side by side where they last.</summary>
    public async Task RunAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        var begun = log.Elapsed;
        var lasting = new List<Task>();
        foreach (var fault in plan.Faults)
        {
            if (begun + fault.At - log.Elapsed is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, cancellationToken);
            }

            lasting.Add(MeetAsync(fault, cancellationToken));
        }

        await Task.WhenAll(lasting);
    }

    /// <summary>Looks no more whether engines have done what they were told to: no talk is left that could meet it.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_armed);
        _end.Dispose();
    }

    private async Task MeetAsync(PlannedFault fault, CancellationToken cancellationToken)
    {
        // What is started at once must not hold up what comes next.
        await Task.Yield();
        var begun = log.Elapsed;
        var (target, windows) = await InjectAsync(fault, houses[fault.House], cancellationToken);
        log.Write($"{fault.House,-8}{fault.Kind,-21}{fault.Seconds,6:0.00} s  {target ?? "met nothing"}, since {begun.TotalSeconds:0.000}");
        if (target is null)
        {
            return;
        }

        var met = new InjectedFault(fault, begun, log.Elapsed, target, windows);
        lock (_gate)
        {
            if (EngineFaults.StaysArmed(fault.Kind))
            {
                _armed.Add(WaitAsync(met));
            }
            else
            {
                _done.Add(met);
            }
        }
    }

    private async Task WaitAsync(InjectedFault armed)
    {
        await EngineFaults.UntilStruckAsync(houses[armed.Planned.House], armed.Planned, _end.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _done.Add(armed with { Ended = log.Elapsed });
        }
    }

    /// <returns>What it met, null for nothing; and how many windows may be sampled twice for it.</returns>
    private static async Task<(string? Target, int Windows)> InjectAsync(PlannedFault fault, RunningHouse house, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromSeconds(fault.Seconds);
        switch (fault.Kind)
        {
            case FaultKind.KillHost:
                return Named(house.Host.End("KILL", length), house.Host.Name, TakesRunner(house));
            case FaultKind.RestartHost:
                return Named(house.Host.End("TERM", length), house.Host.Name, TakesRunner(house));
            case FaultKind.RestartRunner:
                return Named(house.OtherRunner!.End("TERM", length), house.OtherRunner.Name, TakesRunner(house));
            case FaultKind.KillRunner:
                return house.OtherRunner is { } other && fault.Choice % 2 == 0
                    ? Named(other.End("KILL", length), other.Name, TakesRunner(house))
                    : Killed(RunningHouse.ProcessesOf(house.Home, "GpuRunner"), "runner", TakesRunner(house));
            case FaultKind.KillEngine:
                return house.Engine is { } engine && fault.Choice % 2 == 0
                    ? Named(engine.End("KILL", length), engine.Name, 1)
                    : Killed(RunningHouse.ProcessesOf(house.OtherRunner is null ? house.Home : house.OtherHome, "Understudy"), "engine", 1);
            case FaultKind.PauseHost:
                return await PausedAsync(house.Host.Id is { } host ? [host] : [], "host", 0, length, cancellationToken);
            case FaultKind.PauseRunner:
                var home = house.OtherRunner is not null && fault.Choice % 2 == 0 ? house.OtherHome : house.Home;
                return await PausedAsync(
                    RunningHouse.ProcessesOf(home, "GpuRunner"), "runner", fault.Seconds >= LeaseSeconds ? TakesRunner(house) : 0, length, cancellationToken);
            case FaultKind.PauseEngine:
                return await PausedAsync(EngineOf(house, fault), "engine", 0, length, cancellationToken);
            case FaultKind.PauseStorage:
                return Named(await house.Account!.PauseAsync(length, cancellationToken), "account", 0);
            case FaultKind.KillStorage:
                return Named(await house.Account!.KillAsync(length, cancellationToken), "account", 0);
            case FaultKind.FillDisk:
                var filled = house.Host.Id is { } owner && await SmallDisk.FillAsync(owner, house.Home.Scratch, length, cancellationToken);
                return Named(filled, "scratch", 0);
            case FaultKind.BreakPublish:
                await PublishFault.RunAsync(house.Home.Published, length, cancellationToken);
                return ("published", 0);
            case FaultKind.CutEngine:
                await house.EngineGate!.CutAsync(length, cancellationToken);
                return ("engine's gate", 0);
            case FaultKind.DelayEngine:
                await house.EngineGate!.DelayAsync(TimeSpan.FromMilliseconds(20 + (fault.Choice % 300)), length, cancellationToken);
                return ("engine's gate", 0);
            case FaultKind.CutStorage:
                var cut = fault.Choice % house.Account!.Gates.Count;
                await house.Account!.Gates[cut].CutAsync(length, cancellationToken);
                return ($"account's gate {cut}", 0);
            case FaultKind.DelayStorage:
                var slow = fault.Choice % house.Account!.Gates.Count;
                await house.Account!.Gates[slow].DelayAsync(TimeSpan.FromMilliseconds(20 + (fault.Choice % 300)), length, cancellationToken);
                return ($"account's gate {slow}", 0);
            case FaultKind.MessagesTwice or FaultKind.MessagesLate or FaultKind.CompletionsLost:
                return await DisturbAsync(house, fault.Kind, length, cancellationToken);
            default:
                return await EngineFaults.ArmAsync(house, fault, cancellationToken) ? ("engine", EngineFaults.WindowsOf(fault.Kind)) : (null, 0);
        }
    }

    /// <summary>
    /// A window while its scratch survives. Where another runner may go on, which has not that scratch, also those that were sampled and not yet
    /// committed: one on a GPU, but all of the piece where windows are faster than their encoding, as an understudy's on a busy machine.
    /// </summary>
    private static int TakesRunner(RunningHouse house) => house.OtherRunner is null ? 1 : Script.LongestPiece;

    private static IReadOnlyList<int> EngineOf(RunningHouse house, PlannedFault fault) => house.Engine is { } engine && fault.Choice % 2 == 0
        ? engine.Id is { } id ? [id] : []
        : RunningHouse.ProcessesOf(house.OtherRunner is null ? house.Home : house.OtherHome, "Understudy");

    private static (string? Target, int Windows) Named(bool met, string name, int windows) => met ? (name, windows) : (null, 0);

    private static (string? Target, int Windows) Killed(IReadOnlyList<int> ids, string name, int windows) =>
        Named(Signals.Send("KILL", ids), $"{name} {string.Join(' ', ids)}", windows);

    private static async Task<(string? Target, int Windows)> PausedAsync(
        IReadOnlyList<int> ids, string name, int windows, TimeSpan length, CancellationToken cancellationToken)
    {
        var met = Signals.Send("STOP", ids);
        try
        {
            await Task.Delay(length, cancellationToken);
        }
        finally
        {
            Signals.Send("CONT", ids);
        }

        return Named(met, $"{name} {string.Join(' ', ids)}", windows);
    }

    private static async Task<(string? Target, int Windows)> DisturbAsync(
        RunningHouse house, FaultKind kind, TimeSpan length, CancellationToken cancellationToken)
    {
        var (queues, owned) = house.OpenQueues();
        using (owned)
        {
            var thief = new QueueThief(queues, kind);
            await thief.RunAsync(length, cancellationToken);
            return Named(thief.Met > 0, $"{thief.Met} messages", 0);
        }
    }
}
