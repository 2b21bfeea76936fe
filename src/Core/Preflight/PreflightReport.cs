using WanTalk.Core.Errors;

namespace WanTalk.Core.Preflight;

/// <summary>
/// All that preflight found about a talk's inputs, the portrait's first: part of <c>media.json</c>; a talk that it stops has none, and has
/// <c>preflight.json</c>, as has a preflight without a talk.
/// </summary>
/// <param name="Findings">The findings.</param>
public sealed record PreflightReport(IReadOnlyList<PreflightFinding> Findings)
{
    private const int Decimals = 4;

    /// <summary>What was measured of the portrait; null when there was none that could be.</summary>
    public PortraitFacts? Portrait { get; init; }

    /// <summary>What was measured of the speech; null when there was none that could be.</summary>
    public SpeechFacts? Speech { get; init; }

    /// <summary>The sentences of the warnings.</summary>
    public IReadOnlyList<string> Warnings() =>
        [.. Findings.Where(finding => finding.Severity == PreflightSeverity.Warning).Select(finding => finding.Message)];

    /// <summary>Why the talk stops: the first error's code, and what all errors say, so that one more try can be enough; null when it goes on.</summary>
    public TalkError? Refusal()
    {
        var errors = Findings.Where(finding => finding.Severity == PreflightSeverity.Error).ToList();
        return errors.Count > 0 && ErrorCatalog.TryFind(errors[0].Code, out var code)
            ? new TalkError(code, string.Join(' ', errors.Select(error => error.Message)))
            : null;
    }

    /// <summary>The finding that is an input's refusal.</summary>
    public static PreflightFinding Of(TalkError error, PreflightSubject about)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Finding(ErrorCatalog.Name(error.Code), about, PreflightSeverity.Error, error.Message);
    }

    /// <summary>A finding with its values rounded, so that what is stored can be read and compared.</summary>
    internal static PreflightFinding Finding(
        string code, PreflightSubject about, PreflightSeverity severity, string message, params (string Name, double Value)[] values) =>
        new(code, about, severity, message, values.ToDictionary(value => value.Name, value => Math.Round(value.Value, Decimals)));
}
