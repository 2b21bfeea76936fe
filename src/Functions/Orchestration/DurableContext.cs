using Microsoft.DurableTask;
using WanTalk.Core.Orchestration;

namespace WanTalk.Functions.Orchestration;

/// <summary>What Core's orchestrators may do, done by Durable Task. It awaits tasks of the inner context only, as replays demand.</summary>
/// <param name="inner">The orchestration.</param>
public sealed class DurableContext(TaskOrchestrationContext inner) : IOrchestrationContext
{
    /// <inheritdoc/>
    public string InstanceId => inner.InstanceId;

    /// <inheritdoc/>
    public DateTime CurrentUtcDateTime => inner.CurrentUtcDateTime;

    /// <inheritdoc/>
    public bool IsReplaying => inner.IsReplaying;

    /// <inheritdoc/>
    public async Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, ActivityRetryPolicy? retry = null)
    {
        try
        {
            return await inner.CallActivityAsync<TResult>(name, input, OptionsOf(retry));
        }
        catch (TaskFailedException failure)
        {
            throw Translate(failure);
        }
    }

    /// <inheritdoc/>
    public async Task<TResult> CallSubOrchestratorAsync<TResult>(string name, string instanceId, object? input = null)
    {
        try
        {
            return await inner.CallSubOrchestratorAsync<TResult>(name, input, new SubOrchestrationOptions(instanceId: instanceId));
        }
        catch (TaskFailedException failure)
        {
            throw Translate(failure);
        }
    }

    /// <inheritdoc/>
    public Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) => inner.CreateTimer(delay, cancellationToken);

    /// <inheritdoc/>
    public Task<T> WaitForExternalEvent<T>(string eventName) => inner.WaitForExternalEvent<T>(eventName);

    /// <inheritdoc/>
    public void SetCustomStatus(object? status) => inner.SetCustomStatus(status);

    /// <inheritdoc/>
    public Guid NewGuid() => inner.NewGuid();

    private static TaskOptions? OptionsOf(ActivityRetryPolicy? retry) => retry is null
        ? null
        : TaskOptions.FromRetryPolicy(new RetryPolicy(
            retry.MaxNumberOfAttempts, retry.FirstRetryInterval, retry.BackoffCoefficient, retry.MaxRetryInterval));

    private static OrchestrationTaskFailedException Translate(TaskFailedException failure) =>
        new(failure.TaskName, failure.FailureDetails.ErrorType, failure.FailureDetails.ErrorMessage);
}
