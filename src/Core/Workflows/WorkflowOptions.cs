namespace WanTalk.Core.Workflows;

/// <summary>What an operator decides about workflows of callers' own.</summary>
public sealed record WorkflowOptions
{
    /// <summary>Node classes that they may use beside the list (<see cref="AllowedNodes"/>). Default none.</summary>
    public IReadOnlyCollection<string> AlsoAllowedNodes { get; init; } = [];
}
