namespace WanTalk.Understudy.Execution;

/// <summary>A node fails; becomes an execution_error with the type as Python would name it.</summary>
internal sealed class NodeException(string type, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Type { get; } = type;
}

/// <summary>The prompt was interrupted.</summary>
internal sealed class PromptInterruptedException : Exception;
