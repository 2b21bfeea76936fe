using System.Text.Json.Serialization;
using WanTalk.GpuRunner.Engine.Supervision;

namespace WanTalk.GpuRunner.Health;

/// <summary>Whether a runner can do its lanes' work, and if not, everything that it lacks, by name.</summary>
/// <param name="Ready">Whether it can.</param>
/// <param name="Engine">How it stands with the engine; null when its lanes need none.</param>
/// <param name="EngineAddress">Where the engine is, when it answers.</param>
/// <param name="EngineDeaths">How often the engine died since the runner began.</param>
/// <param name="Problems">What is lacking, one sentence each; empty when the runner is ready.</param>
internal sealed record ReadinessReport(
    bool Ready, EngineState? Engine, Uri? EngineAddress, int EngineDeaths, IReadOnlyList<string> Problems)
{
    /// <summary>The report on one line, for the log.</summary>
    [JsonIgnore]
    public string Summary => Ready ? "ready" : $"not ready: {string.Join(' ', Problems)}";
}
