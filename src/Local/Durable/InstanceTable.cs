using System.Text.Json;
using Microsoft.Data.Sqlite;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Durable;

/// <summary>A row of the table of instances.</summary>
/// <param name="Execution">One run of an instance, never used again: what belongs to an instance belongs to its execution.</param>
/// <param name="Parent">The execution and the action that called it; null at the top.</param>
/// <param name="Version">The version that it was started with.</param>
/// <param name="Instance">What is seen from outside.</param>
internal sealed record StoredInstance(string Execution, ParentTask? Parent, Version Version, OrchestrationInstance Instance);

/// <summary>The action of an execution that waits for a sub-orchestration.</summary>
internal sealed record ParentTask(string Execution, int Task);

/// <summary>Reads and changes instances and their inboxes, inside a transaction of the caller.</summary>
internal sealed class InstanceTable(DurableDatabase database, TimeProvider clock, Version version)
{
    private const string Columns =
        "execution, parent_execution, parent_task, id, name, status, created_at, updated_at, input, output, custom_status, failure, version";

    private const string Living = "status IN ('Pending', 'Running', 'Suspended')";

    private const string Tree = """
        WITH RECURSIVE tree (execution) AS (
            SELECT $1 UNION SELECT i.execution FROM instances i JOIN tree t ON i.parent_execution = t.execution)
        """;

    /// <summary>The instance of that id.</summary>
    public StoredInstance? Find(string id) =>
        database.Query($"SELECT {Columns} FROM instances WHERE id = $1", Read, id).FirstOrDefault();

    /// <summary>The instance of that execution.</summary>
    public StoredInstance? FindExecution(string execution) =>
        database.Query($"SELECT {Columns} FROM instances WHERE execution = $1", Read, execution).FirstOrDefault();

    /// <summary>Instances, newest first.</summary>
    public List<OrchestrationInstance> List(OrchestrationQuery query) => database.Query(
        $"""
        SELECT {Columns} FROM instances
        WHERE ($1 IS NULL OR status IN (SELECT value FROM json_each($1)))
          AND ($2 IS NULL OR substr(id, 1, length($2)) = $2)
          AND ($3 IS NULL OR name = $3)
          AND ($4 IS NULL OR created_at < $4)
        ORDER BY created_at DESC, rowid DESC LIMIT $5
        """,
        row => Read(row).Instance,
        query.Statuses is null ? null : JsonSerializer.Serialize(query.Statuses.Select(status => status.ToString())),
        query.InstanceIdPrefix,
        query.Name,
        query.CreatedBefore?.UtcTicks,
        query.Limit);

    /// <summary>Adds a pending instance and tells it to start. There must be none of that id.</summary>
    public void Insert(string name, string id, string? input, ParentTask? parent)
    {
        var execution = Guid.NewGuid().ToString("N");
        var now = clock.GetUtcNow().UtcTicks;
        database.Execute(
            """
            INSERT INTO instances (execution, id, name, status, created_at, updated_at, input, parent_execution, parent_task, version)
            VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)
            """,
            execution, id, name, nameof(OrchestrationStatus.Pending), now, input, parent?.Execution, parent?.Task, version.ToString());
        Send(execution, new ExecutionStarted());
    }

    /// <summary>Writes what a turn has led to.</summary>
    public void Update(string execution, TurnOutcome outcome) => database.Execute(
        "UPDATE instances SET status = $2, custom_status = $3, output = $4, failure = $5, updated_at = $6 WHERE execution = $1",
        execution,
        outcome.Status.ToString(),
        outcome.CustomStatus,
        Payload.ToText(outcome.Output),
        outcome.Failure?.Message,
        clock.GetUtcNow().UtcTicks);

    /// <summary>Deletes an execution with all that belongs to it, its sub-orchestrations too; a parent that waits for it is told.</summary>
    public void Remove(StoredInstance stored)
    {
        if (!stored.Instance.IsCompleted)
            TellParent(stored, "the instance was replaced while it ran.");
        database.Execute("DELETE FROM instances WHERE execution = $1", stored.Execution);
    }

    /// <summary>Ends an execution and its sub-orchestrations where they stand; those that have ended already stay as they are.</summary>
    public void Terminate(StoredInstance stored, string reason)
    {
        if (!stored.Instance.IsCompleted)
            TellParent(stored, $"the instance was terminated: {reason}");
        database.Execute(
            $"{Tree} UPDATE instances SET status = $2, output = $3, updated_at = $4 WHERE execution IN tree AND {Living}",
            stored.Execution, nameof(OrchestrationStatus.Terminated), Payload.ToText(Payload.From(reason)), clock.GetUtcNow().UtcTicks);
        foreach (var table in (string[])["inbox", "activities", "timers"])
            database.Execute($"{Tree} DELETE FROM {table} WHERE execution IN tree", stored.Execution);
    }

    /// <summary>Whether an execution was called, directly or not, by another.</summary>
    public bool IsBelow(string execution, string ancestor) =>
        database.Query($"{Tree} SELECT 1 FROM tree WHERE execution = $2", row => true, ancestor, execution).Count > 0;

    /// <summary>Puts an event into the inbox of an execution; dropped when that has ended or is gone.</summary>
    public bool Send(string execution, HistoryEvent happened) => database.Execute(
        $"INSERT INTO inbox (execution, event) SELECT execution, $2 FROM instances WHERE execution = $1 AND {Living}",
        execution, JsonSerializer.Serialize(happened, CoreJson.Options)) > 0;

    private void TellParent(StoredInstance child, string message)
    {
        if (child.Parent is { } parent)
            Send(parent.Execution, new TaskFailed(parent.Task, typeof(OperationCanceledException).FullName!, message));
    }

    private static StoredInstance Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.IsDBNull(1) ? null : new ParentTask(row.GetString(1), row.GetInt32(2)),
        Version.Parse(row.GetString(12)),
        new OrchestrationInstance(
            row.GetString(3),
            row.GetString(4),
            Enum.Parse<OrchestrationStatus>(row.GetString(5)),
            new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
            new DateTimeOffset(row.GetInt64(7), TimeSpan.Zero),
            Text(row, 8),
            Text(row, 9),
            Text(row, 10),
            Text(row, 11)));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
