using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;
using WanTalk.GpuRunner.Engine;

namespace WanTalk.GpuRunner.Health;

/// <summary>Looks whether the engine answers and has all that the presets need.</summary>
internal sealed class EngineCheck(
    EngineSupervisor supervisor, EngineReadiness engine, RunnerOptions options, TimeProvider time, ILogger<ComfyClient> clientLogger)
    : IReadinessCheck
{
    private int _deaths;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken)
    {
        var status = supervisor.Status;
        if (status.Deaths != _deaths)
        {
            // What the engine before had says nothing about this one, even under the same address.
            _deaths = status.Deaths;
            engine.Forget();
        }

        if (status.Address is not { } address)
        {
            return [status.LastReason ?? "The engine has not answered yet."];
        }

        using var client = new ComfyClient(address, null, time, clientLogger);
        try
        {
            var problems = EngineReadiness.Examine(await engine.AskAsync(client, cancellationToken), options.Presets);
            if (problems.Count > 0)
            {
                engine.Forget();
            }

            return problems;
        }
        catch (ComfyException failure)
        {
            return [failure.Message];
        }
    }
}
