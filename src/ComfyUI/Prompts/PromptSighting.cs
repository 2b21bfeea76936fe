namespace WanTalk.ComfyUI.Prompts;

/// <summary>Where a prompt was seen.</summary>
internal enum PromptState
{
    /// <summary>The server did not answer.</summary>
    Unknown,

    /// <summary>Waiting in the queue.</summary>
    Pending,

    /// <summary>Being executed.</summary>
    Running,

    /// <summary>In history.</summary>
    Ended,

    /// <summary>In neither queue nor history.</summary>
    Absent,
}

/// <summary>What a look at history and queue found.</summary>
/// <param name="State">Where the prompt is.</param>
/// <param name="Outcome">How it ended, if it did.</param>
/// <param name="Reason">Why nothing was found out, if so.</param>
internal sealed record PromptSighting(PromptState State, PromptOutcome? Outcome = null, string? Reason = null);
