using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Durable;

/// <summary>
/// The state of all orchestrations of one machine, in one SQLite file, and the signals by which client and runtime of a process wake each
/// other. One process owns the file and opens it once; it is of use whether a runtime runs on it or not.
/// </summary>
public sealed class DurableStore : IDisposable
{
    private DurableStore(DurableOptions options, TimeProvider clock)
    {
        Options = options;
        Clock = clock;
        Database = new DurableDatabase(options.DatabasePath);
        Instances = new InstanceTable(Database, clock, options.Version);
    }

    /// <summary>The options it was opened with.</summary>
    internal DurableOptions Options { get; }

    /// <summary>The clock of all orchestrations.</summary>
    internal TimeProvider Clock { get; }

    /// <summary>The file.</summary>
    internal DurableDatabase Database { get; }

    /// <summary>The instances in the file.</summary>
    internal InstanceTable Instances { get; }

    /// <summary>Set when an inbox may have got an event.</summary>
    internal Signal InboxFilled { get; } = new();

    /// <summary>Set when an activity may wait to be run.</summary>
    internal Signal ActivityScheduled { get; } = new();

    /// <summary>Set when a timer may have been created.</summary>
    internal Signal TimerCreated { get; } = new();

    /// <summary>Set when activities that run may have lost their instance.</summary>
    internal Signal InstancesRemoved { get; } = new();

    /// <summary>Those who wait for an instance to end.</summary>
    internal CompletionWaiters Waiters { get; } = new();

    /// <summary>Opens the file, and makes it when it is missing.</summary>
    /// <param name="options">Where the file is, and the runtime's limits.</param>
    /// <param name="timeProvider">The clock of all orchestrations: their turns' times and their timers.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="TalkException">The file cannot be opened, is no database, or was written by a newer WanTalk.</exception>
    public static DurableStore Open(DurableOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        options.Validate();
        return new DurableStore(options, timeProvider);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Database.Dispose();
        Waiters.TellAll();
    }

    /// <summary>Starts an instance, in place of one that does not block it.</summary>
    internal bool Start(string name, string instanceId, string? input, IReadOnlyCollection<OrchestrationStatus> blockedBy)
    {
        var started = Database.Write(flush: true, () =>
        {
            if (Instances.Find(instanceId) is { } existing)
            {
                if (blockedBy.Contains(existing.Instance.Status))
                    return false;
                Instances.Remove(existing);
            }
            Instances.Insert(name, instanceId, input, parent: null);
            return true;
        });
        if (started)
            WakeEverybody();
        return started;
    }

    /// <summary>Reads an instance.</summary>
    internal OrchestrationInstance? Find(string instanceId) => Database.Read(() => Instances.Find(instanceId)?.Instance);

    /// <summary>Lists instances, newest first.</summary>
    internal List<OrchestrationInstance> List(OrchestrationQuery query) => Database.Read(() => Instances.List(query));

    /// <summary>Raises an event, unless the instance has ended or does not exist.</summary>
    internal void Raise(string instanceId, EventRaised raised)
    {
        if (Database.Write(flush: true, () => Instances.Find(instanceId) is { } found && Instances.Send(found.Execution, raised)))
            InboxFilled.Set();
    }

    /// <summary>Ends an instance and its sub-orchestrations.</summary>
    internal void Terminate(string instanceId, string reason)
    {
        var found = Database.Write(flush: true, () =>
        {
            var stored = Instances.Find(instanceId);
            if (stored is not null)
                Instances.Terminate(stored, reason);
            return stored is not null;
        });
        if (found)
            WakeEverybody();
    }

    /// <summary>Deletes an ended instance and its sub-orchestrations.</summary>
    internal bool Purge(string instanceId)
    {
        var purged = Database.Write(flush: true, () =>
        {
            if (Instances.Find(instanceId) is not { Instance.IsCompleted: true } stored)
                return false;
            Instances.Remove(stored);
            return true;
        });
        if (purged)
            WakeEverybody();
        return purged;
    }

    // These calls are rare, and one that looks again in vain does no harm.
    private void WakeEverybody()
    {
        InboxFilled.Set();
        InstancesRemoved.Set();
        Waiters.TellAll();
    }
}
