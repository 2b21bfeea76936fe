using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Workflows;

/// <summary>
/// Makes a talk by a workflow of the caller's own, in one prompt: what the seed did for every talk. There are no windows to go on from: a
/// lost engine costs the whole prompt.
/// </summary>
internal sealed class WorkflowSampler(IArtifactStore store, EngineAccess engine, FfmpegOptions ffmpeg)
{
    private readonly WorkflowInputs _inputs = new(store, ffmpeg);
    private readonly WorkflowOutputs _outputs = new(store, ffmpeg);

    /// <summary>Makes the video, unless it is there.</summary>
    public async Task SampleAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (await store.ExistsAsync(context.Paths.VideoFacts, cancellationToken))
        {
            return;
        }

        var stored = await store.ReadWorkflowAsync(context.Paths, cancellationToken);
        var request = await store.ReadJsonAsync<TalkRequest>(context.Paths.Request, cancellationToken);
        var plan = await store.ReadJsonAsync<TalkPlan>(context.Paths.Plan, cancellationToken);
        await engine.UseAsync(
            context, EngineNeeds.AnyComfyUI, session => SampleAsync(context, session, stored, request, plan, cancellationToken), cancellationToken);
    }

    private async Task SampleAsync(
        StageContext context, EngineSession session, StoredWorkflow stored, TalkRequest request, TalkPlan plan, CancellationToken cancellationToken)
    {
        CheckOrigins(session.Engine, stored.Workflow);
        var files = await _inputs.UploadAsync(context, session, plan, cancellationToken);
        var (patched, _) = WorkflowPatch.Apply(stored.Workflow, stored.Places, plan, request, files);
        await KeepAsync(context, patched, cancellationToken);
        var bar = new WorkflowBar(stored, context.Progress);
        var outcome = await session.RunAsync(patched.Graph, bar.OnMessage, cancellationToken);
        var facts = await _outputs.CollectAsync(context, session, stored.Places, plan, outcome, cancellationToken);
        await store.TryCreateJsonAsync(context.Paths.VideoFacts, facts, cancellationToken);
    }

    /// <summary>A name on the list is only as good as the pack that it comes from.</summary>
    private static void CheckOrigins(EngineFacts engine, Workflow workflow)
    {
        foreach (var name in workflow.Graph.Select(node => workflow.ClassOf(node.Key)).Distinct(StringComparer.Ordinal))
        {
            if (engine.Classes.Find(name) is { Module: { Length: > 0 } module } && !AllowedNodes.IsFrom(name, module))
            {
                throw new TalkException(ErrorCode.WorkflowForbidden,
                    $"The engine has the node class {name} from {module}, which is not the pack that it is allowed from.");
            }
        }
    }

    private async Task KeepAsync(StageContext context, Workflow patched, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(patched.Graph.ToJsonString()), writable: false);
        await store.WriteAsync(context.Paths.PatchedWorkflow, content, cancellationToken);
    }
}
