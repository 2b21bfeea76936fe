namespace WanTalk.ComfyUI;

/// <summary>How a prompt failed.</summary>
public enum PromptFailureKind
{
    /// <summary>The server refused the graph, or a part of it.</summary>
    Validation,

    /// <summary>A node raised an exception.</summary>
    Execution,

    /// <summary>A node ran out of memory.</summary>
    OutOfMemory,

    /// <summary>Somebody interrupted it.</summary>
    Interrupted,

    /// <summary>The server cannot be reached any more.</summary>
    ServerGone,

    /// <summary>The server answers and knows nothing of the prompt: it was restarted, or somebody deleted the prompt.</summary>
    Lost,

    /// <summary>
    /// The server reports success, but an output is not to be had: its cache names a file that is not on its disk any more, or it took an
    /// output from its cache and does not tell it (as it does for a prompt that was sent without a client id).
    /// </summary>
    OutputMissing,
}

/// <summary>Why the server refuses a node.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="NodeClass">Its class.</param>
/// <param name="Type">The kind of fault, "required_input_missing" for one.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Details">Where.</param>
/// <param name="InputName">The input, where the server tells it.</param>
public sealed record NodeError(string NodeId, string NodeClass, string Type, string Message, string Details, string? InputName);

/// <summary>A failed prompt.</summary>
/// <param name="Kind">How it failed.</param>
/// <param name="Message">What happened, on one line.</param>
public sealed record PromptFailure(PromptFailureKind Kind, string Message)
{
    /// <summary>The node that failed or was running.</summary>
    public string? NodeId { get; init; }

    /// <summary>The class of that node.</summary>
    public string? NodeClass { get; init; }

    /// <summary>The exception's type, as the server names it.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>The exception's message as it came; may have several lines.</summary>
    public string? ExceptionMessage { get; init; }

    /// <summary>Where the exception was raised.</summary>
    public IReadOnlyList<string> Traceback { get; init; } = [];

    /// <summary>The files that are named and not there, for <see cref="PromptFailureKind.OutputMissing"/>; none if they are not told.</summary>
    public IReadOnlyList<OutputFile> MissingFiles { get; init; } = [];

    /// <summary>The kind of fault of the graph as a whole, as the server names it ("prompt_no_outputs" for one), if it refused all of it.</summary>
    public string? GraphError { get; init; }

    /// <summary>The faults of each node, for <see cref="PromptFailureKind.Validation"/>.</summary>
    public IReadOnlyList<NodeError> NodeErrors { get; init; } = [];
}
