namespace WanTalk.Core.Errors;

/// <summary>An error as a value: a stable code, and one sentence or two that say what happened and what to change.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Message">What happened and what to change, on one line.</param>
public sealed record TalkError(ErrorCode Code, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ErrorCatalog.Name(Code)}: {Message}";
}
