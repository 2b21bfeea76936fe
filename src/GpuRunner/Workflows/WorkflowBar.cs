using WanTalk.ComfyUI;
using WanTalk.Core.Workflows;
using WanTalk.GpuRunner.Lanes;

namespace WanTalk.GpuRunner.Workflows;

/// <summary>Tells the heartbeat where a workflow's sampler is: its second bar counts the steps of all windows.</summary>
internal sealed class WorkflowBar(StoredWorkflow stored, AttemptProgress progress)
{
    private readonly Dictionary<string, int> _steps = stored.Places.Samplers
        .Select(sampler => (sampler, steps: stored.Workflow.NumberAt(stored.Workflow.PlaceOf(sampler, "steps"))))
        .Where(known => known.steps is >= 1)
        .ToDictionary(known => known.sampler, known => (int)known.steps!.Value);

    /// <summary>Takes a message about the prompt.</summary>
    public void OnMessage(SocketMessage message)
    {
        if (message is ProgressMessage bar && _steps.TryGetValue(bar.Node, out var steps) && bar.Max % steps == 0)
        {
            progress.At((int)bar.Value / steps, (int)bar.Value % steps, steps);
        }
    }
}
