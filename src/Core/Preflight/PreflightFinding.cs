namespace WanTalk.Core.Preflight;

/// <summary>Which of the two inputs a finding is about.</summary>
public enum PreflightSubject
{
    /// <summary>The portrait.</summary>
    Portrait,

    /// <summary>The speech.</summary>
    Speech,
}

/// <summary>What a finding means for the talk.</summary>
public enum PreflightSeverity
{
    /// <summary>The talk is made, and will be less than it could be.</summary>
    Warning,

    /// <summary>The talk ends before any GPU is asked.</summary>
    Error,
}

/// <summary>Something that preflight found about an input.</summary>
/// <param name="Code">The stable code, in snake_case: one of <see cref="PreflightCodes"/>, or of an error's.</param>
/// <param name="About">Which input it is about.</param>
/// <param name="Severity">Whether the talk goes on.</param>
/// <param name="Message">What was found and what to change, on one line.</param>
/// <param name="Values">What was measured and what it was held against, by name; the names say the units.</param>
public sealed record PreflightFinding(
    string Code, PreflightSubject About, PreflightSeverity Severity, string Message, IReadOnlyDictionary<string, double> Values);
