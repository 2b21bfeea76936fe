using WanTalk.Core.Errors;

namespace WanTalk.Local.Commands;

/// <summary>The input is wrong, in one way or in several.</summary>
internal sealed class RefusedException(IReadOnlyList<TalkError> problems) : Exception("The input was refused.")
{
    /// <summary>All that is wrong, at least one.</summary>
    public IReadOnlyList<TalkError> Problems { get; } = problems;
}
