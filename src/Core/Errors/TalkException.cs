namespace WanTalk.Core.Errors;

/// <summary>
/// Carries a <see cref="TalkError"/> up to the boundary that turns it into a value: a stage's result, a problem response or an exit code.
/// </summary>
public sealed class TalkException : Exception
{
    /// <summary>Makes the exception for an error.</summary>
    public TalkException(TalkError error, Exception? inner = null)
        : base(error.ToString(), inner) => Error = error;

    /// <summary>Makes the exception for a code and a message.</summary>
    public TalkException(ErrorCode code, string message, Exception? inner = null)
        : this(new TalkError(code, message), inner)
    {
    }

    /// <summary>The error that is carried.</summary>
    public TalkError Error { get; }
}
