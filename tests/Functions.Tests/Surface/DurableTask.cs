// What src/Functions uses of Durable Task (the packages Microsoft.DurableTask.Abstractions and .Client, 1.28), as declarations only.
#pragma warning disable CS9113, CS1591
#nullable enable

namespace DurableTask.Core.Exceptions
{
    public class OrchestrationAlreadyExistsException : System.Exception;
}

namespace Microsoft.DurableTask
{
    public readonly struct TaskName(string name)
    {
        public static implicit operator TaskName(string value) => throw null!;
    }

    public abstract class TaskOrchestrationContext
    {
        public abstract string InstanceId { get; }

        public abstract System.DateTime CurrentUtcDateTime { get; }

        public abstract bool IsReplaying { get; }

        public abstract T? GetInput<T>();

        public abstract System.Threading.Tasks.Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

        public abstract System.Threading.Tasks.Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null);

        public virtual System.Threading.Tasks.Task CreateTimer(System.TimeSpan delay, System.Threading.CancellationToken cancellationToken) => throw null!;

        public abstract System.Threading.Tasks.Task<T> WaitForExternalEvent<T>(string eventName, System.Threading.CancellationToken cancellationToken = default);

        public abstract void SetCustomStatus(object? customStatus);

        public abstract System.Guid NewGuid();
    }

    public class RetryPolicy(
        int maxNumberOfAttempts,
        System.TimeSpan firstRetryInterval,
        double backoffCoefficient = 1,
        System.TimeSpan? maxRetryInterval = null,
        System.TimeSpan? retryTimeout = null);

    public class TaskRetryOptions
    {
        internal TaskRetryOptions()
        {
        }
    }

    public record TaskOptions
    {
        internal TaskOptions()
        {
        }

        public static TaskOptions FromRetryPolicy(RetryPolicy policy) => throw null!;
    }

    public record SubOrchestrationOptions : TaskOptions
    {
        public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null) => throw null!;
    }

    public record StartOrchestrationOptions
    {
        public StartOrchestrationOptions(string? InstanceId = null, System.DateTimeOffset? StartAt = null) => throw null!;
    }

    public sealed class TaskFailedException : System.Exception
    {
        internal TaskFailedException()
        {
        }

        public string TaskName => throw null!;

        public TaskFailureDetails FailureDetails => throw null!;
    }

    public record TaskFailureDetails
    {
        internal TaskFailureDetails()
        {
        }

        public string ErrorType => throw null!;

        public string ErrorMessage => throw null!;
    }

    public abstract class AsyncPageable<T> : System.Collections.Generic.IAsyncEnumerable<T>
        where T : notnull
    {
        public System.Collections.Generic.IAsyncEnumerator<T> GetAsyncEnumerator(System.Threading.CancellationToken cancellationToken = default) => throw null!;
    }
}

namespace Microsoft.DurableTask.Client
{
    public enum OrchestrationRuntimeStatus
    {
        Running,
        Completed,
        ContinuedAsNew,
        Failed,
        Canceled,
        Terminated,
        Pending,
        Suspended,
    }

    public static class StartOrchestrationOptionsExtensions
    {
        public static StartOrchestrationOptions WithDedupeStatuses(
            this StartOrchestrationOptions options, params OrchestrationRuntimeStatus[] dedupeStatuses) => throw null!;
    }

    public record OrchestrationQuery(
        System.DateTimeOffset? CreatedFrom = null,
        System.DateTimeOffset? CreatedTo = null,
        System.Collections.Generic.IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
        System.Collections.Generic.IEnumerable<string>? TaskHubNames = null,
        string? InstanceIdPrefix = null,
        int PageSize = 100,
        bool FetchInputsAndOutputs = false,
        string? ContinuationToken = null);

    public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

    public class PurgeResult
    {
        internal PurgeResult()
        {
        }

        public int PurgedInstanceCount => throw null!;
    }

    public sealed class OrchestrationMetadata
    {
        internal OrchestrationMetadata()
        {
        }

        public string Name => throw null!;

        public string InstanceId => throw null!;

        public OrchestrationRuntimeStatus RuntimeStatus => throw null!;

        public System.DateTimeOffset CreatedAt => throw null!;

        public System.DateTimeOffset LastUpdatedAt => throw null!;

        public string? SerializedInput => throw null!;

        public string? SerializedOutput => throw null!;

        public string? SerializedCustomStatus => throw null!;

        public TaskFailureDetails? FailureDetails => throw null!;

        public bool IsCompleted => throw null!;
    }

    public abstract class DurableTaskClient
    {
        internal DurableTaskClient()
        {
        }

        public abstract System.Threading.Tasks.Task<string> ScheduleNewOrchestrationInstanceAsync(
            TaskName orchestratorName,
            object? input = null,
            StartOrchestrationOptions? options = null,
            System.Threading.CancellationToken cancellation = default);

        public abstract System.Threading.Tasks.Task RaiseEventAsync(
            string instanceId, string eventName, object? eventPayload = null, System.Threading.CancellationToken cancellation = default);

        public abstract System.Threading.Tasks.Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
            string instanceId, bool getInputsAndOutputs = false, System.Threading.CancellationToken cancellation = default);

        public virtual System.Threading.Tasks.Task TerminateInstanceAsync(
            string instanceId, TerminateInstanceOptions? options = null, System.Threading.CancellationToken cancellation = default) => throw null!;

        public virtual System.Threading.Tasks.Task<OrchestrationMetadata?> GetInstanceAsync(
            string instanceId, System.Threading.CancellationToken cancellation) => throw null!;

        public virtual System.Threading.Tasks.Task<OrchestrationMetadata?> GetInstanceAsync(
            string instanceId, bool getInputsAndOutputs = false, System.Threading.CancellationToken cancellation = default) => throw null!;

        public abstract AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null);

        public virtual System.Threading.Tasks.Task<PurgeResult> PurgeInstanceAsync(
            string instanceId, System.Threading.CancellationToken cancellation) => throw null!;
    }
}
