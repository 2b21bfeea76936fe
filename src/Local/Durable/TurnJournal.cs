using System.Text.Json;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Durable;

/// <summary>An activity that waits to be run, or runs.</summary>
internal sealed record WaitingActivity(long Number, string Execution, int Task, string Name, string? Input);

/// <summary>The runtime's side of the store: what is to be done next, and the transactions that make it count.</summary>
internal sealed class TurnJournal(DurableStore store)
{
    // A flood of events is worked off in several turns, so that a turn's memory does not depend on it.
    private const int MaxEventsInTurn = 256;

    private readonly DurableDatabase _database = store.Database;
    private readonly InstanceTable _instances = store.Instances;

    /// <summary>The execution with the oldest unread message, of those not in <paramref name="except"/>.</summary>
    public string? NextExecution(IEnumerable<string> except) => _database.Read(() => _database.Query(
        """
        SELECT execution FROM inbox
        WHERE execution NOT IN (SELECT value FROM json_each($1))
        AND execution IN (SELECT execution FROM instances WHERE substr(id, 1, length($2)) = $2) ORDER BY number LIMIT 1
        """,
        row => row.GetString(0),
        JsonSerializer.Serialize(except),
        store.Options.InstanceIdPrefix).FirstOrDefault());

    /// <summary>The oldest activity, of those not in <paramref name="except"/>.</summary>
    public WaitingActivity? NextActivity(IEnumerable<long> except) => _database.Read(() => _database.Query(
        """
        SELECT number, execution, task, name, input FROM activities
        WHERE number NOT IN (SELECT value FROM json_each($1))
        AND execution IN (SELECT execution FROM instances WHERE substr(id, 1, length($2)) = $2) ORDER BY number LIMIT 1
        """,
        row => new WaitingActivity(
            row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)),
        JsonSerializer.Serialize(except),
        store.Options.InstanceIdPrefix).FirstOrDefault());

    /// <summary>Those of the activities that still wait for a result.</summary>
    public HashSet<long> Existing(IEnumerable<long> activities) => _database.Read(() => _database.Query(
        "SELECT number FROM activities WHERE number IN (SELECT value FROM json_each($1))",
        row => row.GetInt64(0),
        JsonSerializer.Serialize(activities)).ToHashSet());

    /// <summary>All that a turn needs; null when the execution is gone or has nothing to read.</summary>
    public TurnInput? Load(string execution) => _database.Read(() =>
    {
        if (_instances.FindExecution(execution) is not { } stored)
            return null;
        var messages = _database.Query(
            $"SELECT number, event FROM inbox WHERE execution = $1 ORDER BY number LIMIT {MaxEventsInTurn}",
            row => (Number: row.GetInt64(0), Event: Parse<HistoryEvent>(row.GetString(1))),
            execution);
        if (messages.Count == 0)
            return null;
        var history = _database.Query(
            "SELECT content FROM history WHERE execution = $1 ORDER BY turn", row => Parse<HistoryTurn>(row.GetString(0)), execution);
        var now = store.Clock.GetUtcNow().UtcDateTime;
        var at = history.Count > 0 && history[^1].At > now ? history[^1].At : now;
        return new TurnInput(stored, history, at, messages.ConvertAll(message => message.Event), messages[^1].Number);
    });

    /// <summary>Makes a turn count, unless its execution was ended or removed meanwhile.</summary>
    public void Commit(TurnInput turn, TurnOutcome outcome)
    {
        var execution = turn.Stored.Execution;
        _database.Write(flush: false, () =>
        {
            if (_instances.FindExecution(execution) is not { Instance.IsCompleted: false })
                return false;
            _database.Execute("DELETE FROM inbox WHERE execution = $1 AND number <= $2", execution, turn.LastMessage);
            _database.Execute(
                "INSERT INTO history (execution, turn, content) VALUES ($1, $2, $3)",
                execution,
                turn.History.Count,
                JsonSerializer.Serialize(new HistoryTurn(turn.At, turn.Received, outcome.Scheduled), CoreJson.Options));
            foreach (var action in outcome.Scheduled)
                CarryOut(turn, outcome, action);
            foreach (var timer in outcome.CancelledTimers)
                _database.Execute("DELETE FROM timers WHERE execution = $1 AND task = $2", execution, timer);
            _instances.Update(execution, outcome);
            if (outcome.Status != OrchestrationStatus.Running)
                Conclude(turn.Stored, outcome);
            return true;
        });
        store.InboxFilled.Set();
        store.ActivityScheduled.Set();
        store.TimerCreated.Set();
        if (outcome.Scheduled.OfType<SubOrchestrationScheduled>().Any())
            store.InstancesRemoved.Set();
        if (outcome.Status != OrchestrationStatus.Running)
            store.Waiters.Tell(turn.Stored.Instance.InstanceId);
    }

    /// <summary>Ends an execution that cannot even be loaded.</summary>
    public void Abandon(string execution, string message)
    {
        var instance = _database.Write(flush: false, () =>
        {
            var stored = _instances.FindExecution(execution);
            if (stored is not { Instance.IsCompleted: false })
                return null;
            var failure = (typeof(JsonException).FullName!, message);
            var outcome = new TurnOutcome(
                OrchestrationStatus.Failed, [], [], stored.Instance.SerializedCustomStatus, null, failure);
            _instances.Update(execution, outcome);
            Conclude(stored, outcome);
            return stored.Instance;
        });
        store.InboxFilled.Set();
        if (instance is not null)
            store.Waiters.Tell(instance.InstanceId);
    }

    /// <summary>Makes an activity's result count; it is dropped when its execution has ended or is gone.</summary>
    public void Complete(WaitingActivity activity, HistoryEvent result)
    {
        _database.Write(flush: false, () =>
            _database.Execute("DELETE FROM activities WHERE number = $1", activity.Number) > 0
            && _instances.Send(activity.Execution, result));
        store.InboxFilled.Set();
    }

    /// <summary>Reports that an execution awaits something foreign.</summary>
    public void ReportForeignTask(string execution)
    {
        _database.Write(flush: false, () => _instances.Send(execution, new ForeignTaskSeen()));
        store.InboxFilled.Set();
    }

    /// <summary>Turns timers that are due into events.</summary>
    /// <returns>When the next one is due; null when there is none.</returns>
    public DateTime? FireTimers(DateTime now)
    {
        var next = _database.Read(NextDue);
        if (next is null || next > now)
            return next;
        next = _database.Write(flush: false, () =>
        {
            var due = _database.Query(
                "SELECT execution, task FROM timers WHERE due <= $1 ORDER BY due, execution, task",
                row => (Execution: row.GetString(0), Task: row.GetInt32(1)),
                now.Ticks);
            foreach (var (execution, task) in due)
                _instances.Send(execution, new TaskCompleted(task, null));
            _database.Execute("DELETE FROM timers WHERE due <= $1", now.Ticks);
            return NextDue();
        });
        store.InboxFilled.Set();
        return next;
    }

    private DateTime? NextDue() => _database.Query(
        "SELECT min(due) FROM timers", row => row.IsDBNull(0) ? default(DateTime?) : new DateTime(row.GetInt64(0), DateTimeKind.Utc))[0];

    private void CarryOut(TurnInput turn, TurnOutcome outcome, ScheduledAction action)
    {
        var execution = turn.Stored.Execution;
        switch (action)
        {
            case ActivityScheduled activity:
                _database.Execute(
                    "INSERT INTO activities (execution, task, name, input) VALUES ($1, $2, $3, $4)",
                    execution, activity.Task, activity.Name, Payload.ToText(activity.Input));
                break;
            case TimerCreated timer when !outcome.CancelledTimers.Contains(timer.Task):
                _database.Execute(
                    "INSERT INTO timers (execution, task, due) VALUES ($1, $2, $3)", execution, timer.Task, timer.Due.Ticks);
                break;
            case SubOrchestrationScheduled child:
                StartChild(execution, child);
                break;
        }
    }

    // A child's id may have been used before. Whoever it belonged to is replaced when it has ended, unless this very execution started it
    // (no child of an execution is started twice) or descends from it; then, and when it still runs, the call fails. What an earlier
    // execution of this parent had started went with it, when the parent was replaced.
    private void StartChild(string execution, SubOrchestrationScheduled child)
    {
        if (_instances.Find(child.InstanceId) is { } existing)
        {
            if (!existing.Instance.IsCompleted
                || existing.Parent?.Execution == execution
                || _instances.IsBelow(execution, existing.Execution))
            {
                var message = $"the id '{child.InstanceId}' is taken by an instance that may not be replaced.";
                _instances.Send(execution, new TaskFailed(child.Task, typeof(InvalidOperationException).FullName!, message));
                return;
            }
            _instances.Remove(existing);
        }
        _instances.Insert(child.Name, child.InstanceId, Payload.ToText(child.Input), new ParentTask(execution, child.Task));
    }

    private void Conclude(StoredInstance stored, TurnOutcome outcome)
    {
        _database.Execute("DELETE FROM inbox WHERE execution = $1", stored.Execution);
        _database.Execute("DELETE FROM timers WHERE execution = $1", stored.Execution);
        if (stored.Parent is not { } parent)
            return;
        _instances.Send(parent.Execution, outcome.Failure is { } failure
            ? new TaskFailed(parent.Task, failure.Type, failure.Message)
            : new TaskCompleted(parent.Task, outcome.Output));
    }

    private static T Parse<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, CoreJson.Options) ?? throw new JsonException("The history holds a null.");
}
