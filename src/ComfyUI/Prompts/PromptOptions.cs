namespace WanTalk.ComfyUI;

/// <summary>How one prompt is run.</summary>
public sealed record PromptOptions
{
    /// <summary>The prompt's id; a new one if absent. Two prompts must not share one: the server would run both.</summary>
    public string? PromptId { get; init; }

    /// <summary>
    /// Called in order with every message about this prompt: progress, executed outputs, finished windows. A hint for people and for early
    /// work only: messages may be missing when the socket breaks. A slow callback loses messages and nothing else.
    /// </summary>
    public Action<SocketMessage>? OnMessage { get; init; }

    /// <summary>Whether preview pictures are wanted among the messages. Default false.</summary>
    public bool Previews { get; init; }
}
