namespace WanTalk.Core.Errors;

/// <summary>An error as a value: a stable code, and one sentence or two that say what happened and what to change.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Message">What happened and what to change, on one line.</param>
/// <param name="Field">
/// The field, parameter or header of the request that is meant, by its name; the inputs are image_url and audio_url, however they were sent.
/// Absent where none is meant.
/// </param>
public sealed record TalkError(ErrorCode Code, string Message, string? Field = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ErrorCatalog.Name(Code)}: {Message}";

    /// <summary>
    /// Reads what <see cref="ToString"/> wrote, which names no field: exceptions cross orchestrations as text only. Any other text is an
    /// <see cref="ErrorCode.Internal"/> error with that text.
    /// </summary>
    public static TalkError Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && ErrorCatalog.TryFind(text[..colon], out var code)
            ? new TalkError(code, text[(colon + 2)..])
            : new TalkError(ErrorCode.Internal, text);
    }
}
