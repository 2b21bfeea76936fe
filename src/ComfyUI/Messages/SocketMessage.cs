using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI;

/// <summary>A message on ComfyUI's socket. Those of a prompt name it; unknown ones are not passed on.</summary>
public abstract record SocketMessage
{
    /// <summary>The prompt that this is about; null if it is about none, or does not say.</summary>
    public virtual string? PromptId => null;
}

/// <summary>The queue changed. Goes to every socket; the first one of a socket carries its session id.</summary>
/// <param name="QueueRemaining">Prompts pending and running.</param>
/// <param name="SessionId">The client id under which this socket is known; only in its first message.</param>
public sealed record StatusMessage(int QueueRemaining, string? SessionId) : SocketMessage;

/// <summary>The server's answer to our feature flags.</summary>
/// <param name="Features">What it can do.</param>
public sealed record FeatureFlagsMessage(JsonObject Features) : SocketMessage;

/// <summary>A message about one prompt.</summary>
/// <param name="Id">The prompt.</param>
public abstract record PromptMessage(string Id) : SocketMessage
{
    /// <inheritdoc/>
    public override string? PromptId => Id;
}

/// <summary>The prompt was taken from the queue.</summary>
/// <param name="Id">The prompt.</param>
public sealed record ExecutionStartMessage(string Id) : PromptMessage(Id);

/// <summary>These nodes need not run, since their results are kept from the prompt before.</summary>
/// <param name="Id">The prompt.</param>
/// <param name="Nodes">Their ids.</param>
public sealed record ExecutionCachedMessage(string Id, IReadOnlyList<string> Nodes) : PromptMessage(Id);

/// <summary>A node begins; no node means that the prompt is over. A socket that joins late is told the node without the prompt.</summary>
/// <param name="Prompt">The prompt, if told.</param>
/// <param name="Node">The node's id, or null at the end of the prompt.</param>
public sealed record ExecutingMessage(string? Prompt, string? Node) : SocketMessage
{
    /// <inheritdoc/>
    public override string? PromptId => Prompt;
}

/// <summary>A node's progress bar moved.</summary>
/// <param name="Id">The prompt.</param>
/// <param name="Node">The node's id.</param>
/// <param name="Value">Where it is, 0..Max.</param>
/// <param name="Max">Where it ends.</param>
public sealed record ProgressMessage(string Id, string Node, double Value, double Max) : PromptMessage(Id);

/// <summary>The state of every node that is not pending.</summary>
/// <param name="Id">The prompt.</param>
/// <param name="Nodes">The nodes.</param>
public sealed record ProgressStateMessage(string Id, IReadOnlyList<NodeProgress> Nodes) : PromptMessage(Id);

/// <summary>One node in a <see cref="ProgressStateMessage"/>.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="State">"running", "finished" or "error"; a node that failed stays "running".</param>
/// <param name="Value">Where its bar is.</param>
/// <param name="Max">Where its bar ends.</param>
public sealed record NodeProgress(string Node, string State, double Value, double Max);

/// <summary>A node that shows something is done.</summary>
/// <param name="Id">The prompt.</param>
/// <param name="Node">The node's id.</param>
/// <param name="Output">What it shows; null for a cached node that shows nothing.</param>
public sealed record ExecutedMessage(string Id, string Node, JsonObject? Output) : PromptMessage(Id);

/// <summary>Every output was made. History may lag behind this message; it never lags behind the last <see cref="ExecutingMessage"/>.</summary>
/// <param name="Id">The prompt.</param>
public sealed record ExecutionSuccessMessage(string Id) : PromptMessage(Id);

/// <summary>A node raised an exception.</summary>
/// <param name="Id">The prompt.</param>
/// <param name="NodeId">The node.</param>
/// <param name="NodeClass">Its class.</param>
/// <param name="ExceptionType">The exception's type, as Python names it.</param>
/// <param name="Message">The exception's message, without the line break at its end.</param>
/// <param name="Traceback">Where it was raised, innermost last.</param>
public sealed record ExecutionErrorMessage(
    string Id, string NodeId, string NodeClass, string ExceptionType, string Message, IReadOnlyList<string> Traceback) : PromptMessage(Id)
{
    /// <summary>The nodes that were done by then.</summary>
    public IReadOnlyList<string> Executed { get; init; } = [];

    /// <summary>The node's inputs by name, each a list of texts; tensors as text, tens of kB.</summary>
    public JsonObject? Inputs { get; init; }
}

/// <summary>The prompt was interrupted.</summary>
/// <param name="Id">The prompt.</param>
/// <param name="NodeId">The node that was running.</param>
/// <param name="NodeClass">Its class.</param>
public sealed record ExecutionInterruptedMessage(string Id, string NodeId, string NodeClass) : PromptMessage(Id);

/// <summary>Our node pack finished a window. A hint: the checkpoint seen through <c>/view</c> is the truth.</summary>
/// <param name="Id">The prompt.</param>
/// <param name="Node">The sampler's id.</param>
/// <param name="Window">The window's index.</param>
/// <param name="Files">The window's files.</param>
public sealed record WindowMessage(string Id, string Node, int Window, IReadOnlyList<WanTalkFile> Files) : PromptMessage(Id);

/// <summary>A preview picture.</summary>
/// <param name="Id">The prompt, where the form of the message tells it.</param>
/// <param name="Node">The node, where the form of the message tells it.</param>
/// <param name="MediaType">"image/jpeg" or "image/png".</param>
/// <param name="Picture">The encoded picture.</param>
public sealed record PreviewMessage(string? Id, string? Node, string MediaType, ReadOnlyMemory<byte> Picture) : SocketMessage
{
    /// <inheritdoc/>
    public override string? PromptId => Id;
}
