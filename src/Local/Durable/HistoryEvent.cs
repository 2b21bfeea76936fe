using System.Text.Json;
using System.Text.Json.Serialization;

namespace WanTalk.Local.Durable;

/// <summary>
/// One turn as the history keeps it: what had come in and what the code asked for. Replaying the turns in order brings the code back to
/// where it was, and finds out whether it still asks for the same.
/// </summary>
/// <param name="At">The turn's time, in UTC.</param>
/// <param name="Received">What the turn took from the inbox, in that order.</param>
/// <param name="Scheduled">What the code asked for, in that order.</param>
internal sealed record HistoryTurn(DateTime At, IReadOnlyList<HistoryEvent> Received, IReadOnlyList<ScheduledAction> Scheduled);

/// <summary>Something that an orchestration is told. It waits in the inbox and ends up in the history.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ExecutionStarted), "started")]
[JsonDerivedType(typeof(TaskCompleted), "completed")]
[JsonDerivedType(typeof(TaskFailed), "failed")]
[JsonDerivedType(typeof(EventRaised), "raised")]
[JsonDerivedType(typeof(ForeignTaskSeen), "foreign_task")]
internal abstract record HistoryEvent;

/// <summary>The first thing that an instance is told.</summary>
internal sealed record ExecutionStarted : HistoryEvent;

/// <summary>An activity or a sub-orchestration ended well, or a timer is due.</summary>
/// <param name="Task">The action's number.</param>
/// <param name="Result">Its result.</param>
internal sealed record TaskCompleted(int Task, JsonElement? Result) : HistoryEvent;

/// <summary>An activity or a sub-orchestration ended badly.</summary>
/// <param name="Task">The action's number.</param>
/// <param name="ErrorType">The full name of the exception's type.</param>
/// <param name="ErrorMessage">The exception's message.</param>
internal sealed record TaskFailed(int Task, string ErrorType, string ErrorMessage) : HistoryEvent;

/// <summary>An external event.</summary>
/// <param name="Name">Its name, as it was raised.</param>
/// <param name="Data">What it carries.</param>
internal sealed record EventRaised(string Name, JsonElement? Data) : HistoryEvent;

/// <summary>After a turn had ended, its code was called back by a task that is not its context's.</summary>
internal sealed record ForeignTaskSeen : HistoryEvent;

/// <summary>Something that an orchestrator asked for. The actions of an instance are numbered from 0.</summary>
/// <param name="Task">The action's number.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "action")]
[JsonDerivedType(typeof(ActivityScheduled), "activity")]
[JsonDerivedType(typeof(TimerCreated), "timer")]
[JsonDerivedType(typeof(SubOrchestrationScheduled), "sub_orchestration")]
internal abstract record ScheduledAction(int Task)
{
    /// <summary>
    /// What must be the same in every replay, in words. Inputs and due times may differ: the history's are the ones that count, and a
    /// newer version of the code may choose others.
    /// </summary>
    public abstract string Describe();
}

/// <summary>An activity was called.</summary>
internal sealed record ActivityScheduled(int Task, string Name, JsonElement? Input) : ScheduledAction(Task)
{
    /// <inheritdoc/>
    public override string Describe() => $"activity '{Name}'";
}

/// <summary>A timer was created.</summary>
internal sealed record TimerCreated(int Task, DateTime Due) : ScheduledAction(Task)
{
    /// <inheritdoc/>
    public override string Describe() => "a timer";
}

/// <summary>A sub-orchestration was called.</summary>
internal sealed record SubOrchestrationScheduled(int Task, string Name, string InstanceId, JsonElement? Input) : ScheduledAction(Task)
{
    /// <inheritdoc/>
    public override string Describe() => $"sub-orchestration '{Name}' with id '{InstanceId}'";
}
