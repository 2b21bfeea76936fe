using System.Text.Json;
using WanTalk.Core.Json;

namespace WanTalk.Core.Orchestration;

/// <summary>Where an orchestration instance stands.</summary>
public enum OrchestrationStatus
{
    /// <summary>Accepted, not yet run.</summary>
    Pending,

    /// <summary>Run at least once, not ended.</summary>
    Running,

    /// <summary>Held by an operator.</summary>
    Suspended,

    /// <summary>Ended with an output.</summary>
    Completed,

    /// <summary>Ended with an exception.</summary>
    Failed,

    /// <summary>Ended by an operator.</summary>
    Terminated,
}

/// <summary>Which instances to list.</summary>
/// <param name="Statuses">Only these; all when null.</param>
/// <param name="InstanceIdPrefix">Only ids that start so; all when null.</param>
/// <param name="Name">Only instances of this orchestrator; all when null.</param>
/// <param name="CreatedBefore">Only instances that were started before this; all when null.</param>
/// <param name="Limit">At most so many.</param>
public sealed record OrchestrationQuery(
    IReadOnlyCollection<OrchestrationStatus>? Statuses = null,
    string? InstanceIdPrefix = null,
    string? Name = null,
    DateTimeOffset? CreatedBefore = null,
    int Limit = 100);

/// <summary>An orchestration instance as seen from outside.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Name">The orchestrator's registered name.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="LastUpdatedAt">When its state changed last.</param>
/// <param name="SerializedInput">Its input as JSON.</param>
/// <param name="SerializedOutput">Its output as JSON, once completed; the reason, once terminated.</param>
/// <param name="SerializedCustomStatus">Its custom status as JSON.</param>
/// <param name="FailureMessage">The exception's message, once failed.</param>
public sealed record OrchestrationInstance(
    string InstanceId,
    string Name,
    OrchestrationStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUpdatedAt,
    string? SerializedInput,
    string? SerializedOutput,
    string? SerializedCustomStatus,
    string? FailureMessage)
{
    /// <summary>Whether it has completed, failed or been terminated.</summary>
    public bool IsCompleted => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;

    /// <summary>The custom status; default when there is none.</summary>
    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus);

    /// <summary>The output; default when there is none.</summary>
    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput);

    /// <summary>The input; default when there is none.</summary>
    public T? ReadInputAs<T>() => Read<T>(SerializedInput);

    private static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, CoreJson.Options);
}
