using System.Globalization;
using System.Text;

namespace WanTalk.Faults.Plans;

/// <summary>A fault at its moment.</summary>
/// <param name="At">When, from the beginning of the run.</param>
/// <param name="House">Where.</param>
/// <param name="Kind">What.</param>
/// <param name="Seconds">How long it lasts, or until what was killed is started again.</param>
/// <param name="Choice">Which of several runners, engines or links it meets, from 0; it is taken modulo their number.</param>
public sealed record PlannedFault(TimeSpan At, House House, FaultKind Kind, double Seconds, int Choice)
{
    /// <summary>As it is printed.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,9:0.000}  {House,-8}{Kind,-21}{Seconds,6:0.00} s  choice {Choice}");
}

/// <summary>A talk at the moment of its submission.</summary>
/// <param name="At">When, from the beginning of the run.</param>
/// <param name="House">Where.</param>
/// <param name="Script">What it says.</param>
/// <param name="CancelAfter">How long after its submission it is cancelled; null when it is not.</param>
/// <param name="RetryAfter">How long after it has failed, or was cancelled, it is retried; null for a cancelled talk that stays so.</param>
public sealed record PlannedTalk(TimeSpan At, House House, Script Script, TimeSpan? CancelAfter, TimeSpan? RetryAfter)
{
    /// <summary>As it is printed.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At.TotalSeconds,9:0.000}  {House,-8}talk {Script.Name}{Part(" cancelled after ", CancelAfter)}{Part(" retried after ", RetryAfter)}");

    private static string Part(string what, TimeSpan? length) =>
        length is { } known ? string.Create(CultureInfo.InvariantCulture, $",{what}{known.TotalSeconds:0.00} s") : "";
}

/// <summary>All that a run does, known before it begins.</summary>
/// <param name="Seed">The seed it was made from.</param>
/// <param name="Length">How long talks are submitted and faults injected.</param>
/// <param name="Talks">The talks, in their order.</param>
/// <param name="Faults">The faults, in their order.</param>
public sealed record RunPlan(int Seed, TimeSpan Length, IReadOnlyList<PlannedTalk> Talks, IReadOnlyList<PlannedFault> Faults)
{
    /// <summary>All of it, in the order of its moments.</summary>
    public string Describe()
    {
        var text = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture, $"seed {Seed}, {Length.TotalSeconds:0} s, {Talks.Count} talks, {Faults.Count} faults\n"));
        var lines = Talks.Select(talk => (talk.At, Line: talk.ToString())).Concat(Faults.Select(fault => (fault.At, Line: fault.ToString())));
        return text.AppendJoin('\n', lines.OrderBy(line => line.At).Select(line => line.Line)).Append('\n').ToString();
    }
}
