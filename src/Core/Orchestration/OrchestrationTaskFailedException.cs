namespace WanTalk.Core.Orchestration;

/// <summary>An activity or a sub-orchestration ended with an exception that no retry cured.</summary>
/// <param name="taskName">The registered name of the activity or the orchestrator.</param>
/// <param name="errorType">The full name of the original exception's type.</param>
/// <param name="errorMessage">The original exception's message.</param>
public sealed class OrchestrationTaskFailedException(string taskName, string errorType, string errorMessage)
    : Exception($"{taskName} failed: {errorMessage}")
{
    /// <summary>The registered name of the activity or the orchestrator.</summary>
    public string TaskName { get; } = taskName;

    /// <summary>The full name of the original exception's type.</summary>
    public string ErrorType { get; } = errorType;

    /// <summary>The original exception's message.</summary>
    public string ErrorMessage { get; } = errorMessage;
}
