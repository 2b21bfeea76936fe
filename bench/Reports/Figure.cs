using System.Text.Json.Serialization;

namespace WanTalk.Bench.Reports;

/// <summary>One measured value.</summary>
/// <param name="What">Of what.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of which unit: <c>s</c>, <c>ms</c>, <c>MB</c>, <c>ratio</c> and the like.</param>
internal sealed record Figure(string What, double Value, string Unit)
{
    /// <summary>What it should be; null for a figure that only informs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Goal? Goal { get; init; }

    /// <summary>Whether it is as it should be; null without a goal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsMet => Goal?.IsMetBy(Value);
}
