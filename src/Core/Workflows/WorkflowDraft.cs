using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Workflows;

/// <summary>What a caller's own workflow adds to his draft.</summary>
public static class WorkflowDraft
{
    private const int MaxWindowFrames = 1000;

    /// <summary>Checks a draft's workflow, and fills in from it what the draft leaves open: size, seed and prompt.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="problems">Is told what is wrong with the workflow.</param>
    /// <returns>The draft, completed; as it was, when it has no workflow or a wrong one.</returns>
    public static TalkDraft Complete(TalkDraft draft, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(problems);
        if (draft.Workflow is null)
        {
            return draft;
        }

        if (draft.Sampling != SamplingDraft.Empty)
        {
            problems.Add(new TalkError(ErrorCode.SettingsConflict,
                "A workflow carries its own sampling settings. Set them in it, or leave the workflow out.", TalkField.Workflow));
        }

        if (WorkflowReader.Read(draft.Workflow, draft.AlsoAllowedNodes, problems) is not { } workflow
            || WorkflowPlaces.Find(workflow, problems) is not { } places)
        {
            return draft;
        }

        var wishes = WorkflowWishes.Of(workflow, places);
        if (wishes.TailFrames < 1 || wishes.TailFrames >= wishes.WindowFrames || wishes.WindowFrames > MaxWindowFrames)
        {
            problems.Add(new TalkError(ErrorCode.WorkflowInvalid,
                $"Node {places.Windows} of the workflow has windows of {wishes.WindowFrames} frames that share {wishes.TailFrames}. Give 81 and 9.",
                TalkField.Workflow));
        }

        return draft with
        {
            Width = draft.Width ?? wishes.Size?.Width,
            Height = draft.Height ?? wishes.Size?.Height,
            Seed = draft.Seed ?? (wishes.Seed is { } seed ? (long)Math.Clamp(seed, -1, 1e18) : null),
            Prompt = draft.Prompt ?? wishes.Prompt,
        };
    }
}
