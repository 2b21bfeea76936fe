using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Durable;

/// <summary>What a turn starts from.</summary>
/// <param name="Stored">The instance.</param>
/// <param name="History">The turns before it.</param>
/// <param name="At">Its time.</param>
/// <param name="Received">What it takes from the inbox.</param>
/// <param name="LastMessage">The number of the last message it takes.</param>
internal sealed record TurnInput(
    StoredInstance Stored, IReadOnlyList<HistoryTurn> History, DateTime At, IReadOnlyList<HistoryEvent> Received, long LastMessage);

/// <summary>What a turn leads to.</summary>
/// <param name="Status">Running, Completed or Failed.</param>
/// <param name="Scheduled">What is to be carried out.</param>
/// <param name="CancelledTimers">The timers that are to be forgotten.</param>
/// <param name="CustomStatus">The custom status as JSON.</param>
/// <param name="Output">The output, once completed.</param>
/// <param name="Failure">Type and message of the exception, once failed.</param>
internal sealed record TurnOutcome(
    OrchestrationStatus Status,
    IReadOnlyList<ScheduledAction> Scheduled,
    IReadOnlyCollection<int> CancelledTimers,
    string? CustomStatus,
    JsonElement? Output,
    (string Type, string Message)? Failure);

/// <summary>
/// Runs one turn of an orchestration. Nothing outlives a turn in memory; an instance is its rows in the database:
/// <code>
///   inbox ──take──►  replay                                run                           one transaction
///   (events:         the code starts from its first        the same code goes on:        history += this turn
///    started,        line; each past turn's events are     the inbox's events are        inbox   -= what was taken
///    completed,      delivered in their order, on one      delivered one by one,     ──► activities, timers, children,
///    failed,         thread, and what the code asks for    what it asks for is new        a word to the parent,
///    raised)         must be what the history says                                       status, output
/// </code>
/// A crash before the commit leaves the inbox as it was and the turn is run again; after it, nothing is missing. Commits of activities,
/// timers and children put their events into the inbox, and so it goes on.
/// </summary>
internal static class OrchestrationTurn
{
    /// <summary>Replays the history and runs the newest turn, on the calling thread. Whatever the code does, there is an outcome.</summary>
    /// <param name="registry">Has the orchestrator.</param>
    /// <param name="version">The version of the code.</param>
    /// <param name="input">What the turn starts from.</param>
    /// <param name="onLateCallback">Called when the code is called back by a foreign task after the turn.</param>
    public static TurnOutcome Run(DurableRegistry registry, Version version, TurnInput input, Action onLateCallback)
    {
        var instance = input.Stored.Instance;
        if (input.Stored.Version > version)
            return Stop(input, Changed(input.Stored, $"this host carries {version} and older."));
        var thread = new TurnSynchronizationContext(onLateCallback);
        var context = new ReplayContext(instance.InstanceId, input.Stored.Execution, thread);
        Task<JsonElement?>? running = null;
        string? difference = null;
        bool hasEnded;
        try
        {
            foreach (var (turn, index) in input.History.Select((turn, index) => (turn, index)))
            {
                Deliver(turn.At, turn.Received, isReplaying: true);
                difference = FindDifference(index, turn.Scheduled, context.Scheduled, running);
                if (difference is not null)
                    break;
            }
            if (difference is null)
                Deliver(input.At, input.Received, isReplaying: false);
            // Before the turn is closed: code that went on outside it may end at any moment from then on.
            hasEnded = running is { IsCompleted: true };
        }
        catch (Exception e)
        {
            // An orchestrator that is not registered; or what runs loose in the code, an async void.
            return Stop(input, (e.GetType().FullName!, e.Message));
        }
        finally
        {
            thread.Close();
        }

        // Code that awaits foreign tasks may well replay differently; the cause is worth more than the effect.
        if (thread.IsForeignSeen || input.Received.Any(received => received is ForeignTaskSeen))
            return Stop(input, Foreign(instance));
        if (difference is not null)
        {
            return Stop(
                input,
                input.Stored.Version < version
                    ? Changed(input.Stored, $"{version}, which this host has, goes another way at {difference}.")
                    : Nondeterministic(instance, difference));
        }
        if (running is null || (!hasEnded && !context.IsWaiting))
            return Stop(input, Foreign(instance));
        return Conclude(context, hasEnded ? running : null);

        void Deliver(DateTime at, IReadOnlyList<HistoryEvent> events, bool isReplaying)
        {
            context.BeginTurn(at, isReplaying);
            foreach (var happened in events)
            {
                thread.Run(() =>
                {
                    if (happened is ExecutionStarted)
                        running = registry.GetOrchestrator(instance.Name)(context, Payload.FromText(instance.SerializedInput));
                    else
                        context.Deliver(happened);
                });
            }
        }
    }

    /// <summary>The outcome of an instance that cannot go on: nothing of this turn is carried out.</summary>
    public static TurnOutcome Stop(TurnInput input, (string Type, string Message) failure) =>
        new(OrchestrationStatus.Failed, [], [], input.Stored.Instance.SerializedCustomStatus, null, failure);

    private static TurnOutcome Conclude(ReplayContext context, Task<JsonElement?>? ended)
    {
        var outcome = new TurnOutcome(
            OrchestrationStatus.Running, context.Scheduled, context.CancelledTimers, context.CustomStatus, null, null);
        if (ended is null)
            return outcome;
        if (ended.IsCompletedSuccessfully)
            return outcome with { Status = OrchestrationStatus.Completed, Output = ended.Result };
        var exception = ended.Exception?.InnerException ?? new TaskCanceledException(ended);
        return outcome with { Status = OrchestrationStatus.Failed, Failure = (exception.GetType().FullName!, exception.Message) };
    }

    // The turns before the newest one did not end the instance, so code that has ended in one of them has changed.
    private static string? FindDifference(
        int turn, IReadOnlyList<ScheduledAction> history, IReadOnlyList<ScheduledAction> code, Task? running)
    {
        for (var i = 0; i < Math.Max(history.Count, code.Count); i++)
        {
            var expected = i < history.Count ? history[i] : null;
            var actual = i < code.Count ? code[i] : null;
            if (expected?.Describe() != actual?.Describe())
            {
                var (has, asked) = (expected?.Describe() ?? "nothing", actual?.Describe() ?? "nothing");
                return $"turn {turn}, action {(expected ?? actual)!.Task}: the history has {has}, the code asked for {asked}";
            }
        }
        return running is { IsCompleted: true } ? $"turn {turn}: the history goes on, the code has ended" : null;
    }

    private static (string Type, string Message) Changed(StoredInstance stored, string why) => Error(
        ErrorCode.OrchestrationChanged,
        $"{stored.Instance.Name} '{stored.Instance.InstanceId}' was begun by version {stored.Version}; {why} "
        + "Retry the talk to begin anew with all that is stored, or start the version that began it.");

    private static (string Type, string Message) Nondeterministic(OrchestrationInstance instance, string where) =>
        Error(ErrorCode.OrchestrationNondeterministic, $"{instance.Name} '{instance.InstanceId}' replayed differently at {where}.");

    private static (string Type, string Message) Foreign(OrchestrationInstance instance) => Error(
        ErrorCode.OrchestrationNondeterministic,
        $"{instance.Name} '{instance.InstanceId}' awaits a task that is not of its context "
        + "(Task.Delay, Task.Run, CancelAsync, ConfigureAwait(false) or I/O).");

    private static (string Type, string Message) Error(ErrorCode code, string message) =>
        (typeof(TalkException).FullName!, new TalkError(code, message).ToString());
}
