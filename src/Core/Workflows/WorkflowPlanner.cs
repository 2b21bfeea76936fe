using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Workflows;

/// <summary>Plans the one prompt of a talk with a workflow of its own; pure.</summary>
public static class WorkflowPlanner
{
    private const int ResampleRatio = WindowArithmetic.SpeechSampleRate / WindowArithmetic.EngineSampleRate;

    /// <summary>The plan: as long as the speech, but no longer than the workflow asks for by its crop and its frames.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="places">Its places.</param>
    /// <param name="request">The talk's request.</param>
    /// <param name="speechSamples">Samples at 48 kHz, at least 1.</param>
    /// <exception cref="TalkException">The crop leaves nothing, or there are too many frames for one prompt.</exception>
    public static TalkPlan Plan(Workflow workflow, WorkflowPlaces places, TalkRequest request, long speechSamples)
    {
        ArgumentNullException.ThrowIfNull(request);
        var wishes = WorkflowWishes.Of(workflow, places);
        var first = Math.Min(wishes.CropStart * WindowArithmetic.SpeechSampleRate, speechSamples);
        var end = Math.Min(wishes.CropEnd * WindowArithmetic.SpeechSampleRate ?? speechSamples, speechSamples);
        if (end <= first)
        {
            throw new TalkException(new TalkError(ErrorCode.SpeechTooShort,
                $"The workflow's AudioCrop leaves nothing of a speech of {Seconds(speechSamples)} s. Give it other times.",
                TalkField.Workflow));
        }

        var spoken = WindowPlan.FramesOf(end - first);
        var visible = Math.Min(spoken, wishes.Frames ?? spoken);
        if (visible > WorkflowPatch.MaxFrames)
        {
            throw new TalkException(new TalkError(ErrorCode.WorkflowTooLong,
                $"The workflow would make {visible} frames in one prompt, which holds all of them in memory. "
                + $"Give a speech of at most {WorkflowPatch.MaxFrames / WindowArithmetic.FramesPerSecond} s, or none of your own workflow: talks without have no such limit.",
                TalkField.Workflow));
        }

        var samples = Math.Min(end - first, (long)visible * WindowArithmetic.SpeechSamplesPerFrame);
        var (windows, sampled) = WindowArithmetic.Cover(visible, wishes.WindowFrames, wishes.TailFrames);
        var plan = new TalkPlan
        {
            OnePrompt = true,
            FirstSpeechSample = first,
            SpeechSamples = samples,
            VisibleFrames = visible,
            Windows = windows,
            SampledFrames = sampled,
            CutFrames = sampled - visible,
            Keep = [visible],
            EmbeddedFrames = sampled,
            PadSamples16k = WindowArithmetic.EngineSamplesOf(sampled)
                - ((samples + ResampleRatio - 1) / ResampleRatio),
            Takes = [new TakePlan(0, 0, visible, windows, sampled)],
            RequestedSize = request.RequestedSize,
            EffectiveSize = request.EffectiveSize,
        };
        return plan with { Notes = [.. PartNote(plan, speechSamples), .. WorkflowPatch.Apply(workflow, places, plan, request, new("", "", "", "")).Notes] };
    }

    private static IEnumerable<string> PartNote(TalkPlan plan, long speechSamples) => plan.SpeechSamples < speechSamples
        ? [$"Of the speech's {Seconds(speechSamples)} s the workflow takes {Seconds(plan.SpeechSamples)} s, from second {Seconds(plan.FirstSpeechSample)} on."]
        : [];

    private static string Seconds(long samples) => $"{samples / (double)WindowArithmetic.SpeechSampleRate:0.##}";
}
