namespace WanTalk.ComfyUI;

/// <summary>How one prompt is run.</summary>
public sealed record PromptOptions
{
    /// <summary>
    /// The prompt's id, 1 to 200 characters; a new one if absent. Two prompts must not share one: the server would run both.
    /// </summary>
    public string? PromptId { get; init; }

    /// <summary>
    /// Called in order with every message about this prompt: progress, executed outputs, finished windows. A hint for people and for early
    /// work only: messages may be missing when the socket breaks. A slow callback loses messages and nothing else; one that throws ends the
    /// wait, and the prompt is withdrawn. The socket is read all the same meanwhile.
    /// </summary>
    public Action<SocketMessage>? OnMessage { get; init; }

    /// <summary>Told of each move of a node's progress bar, in order; as much a hint as <see cref="OnMessage"/>.</summary>
    public IProgress<PromptProgress>? Progress { get; init; }

    /// <summary>Whether preview pictures are wanted among the messages. Default false.</summary>
    public bool Previews { get; init; }
}

/// <summary>How far a node is.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Value">Where its bar is, 0..Max.</param>
/// <param name="Max">Where its bar ends.</param>
public readonly record struct PromptProgress(string Node, double Value, double Max);
