using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Workflows;

/// <summary>A talk's own workflow, as it was accepted.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Places">Its places.</param>
public sealed record StoredWorkflow(Workflow Workflow, WorkflowPlaces Places);

/// <summary>Reads workflows from artifacts.</summary>
public static class StoredWorkflowExtensions
{
    /// <summary>Reads the workflow that intake checked and stored.</summary>
    /// <exception cref="TalkException">It is not the one that was stored: <see cref="ErrorCode.ArtifactDamaged"/>.</exception>
    public static async Task<StoredWorkflow> ReadWorkflowAsync(
        this IArtifactStore store, TalkPaths paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(store);
        await using var content = await store.OpenReadAsync(paths.Workflow, cancellationToken)
            ?? throw new FileNotFoundException($"The artifact {paths.Workflow} is missing.");
        using var reader = new StreamReader(content, Encoding.UTF8);
        var workflow = WorkflowReader.ReadChecked(await reader.ReadToEndAsync(cancellationToken));
        return WorkflowPlaces.Find(workflow, []) is { } places
            ? new StoredWorkflow(workflow, places)
            : throw new TalkException(ErrorCode.ArtifactDamaged, $"The artifact {paths.Workflow} is not the workflow that was accepted. Make the talk again.");
    }
}
