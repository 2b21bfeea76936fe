using System.Text.Json.Nodes;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Workflows;

/// <summary>The files of a talk on the engine, as a workflow's nodes name them.</summary>
/// <param name="Portrait">The portrait.</param>
/// <param name="Heard">The speech as the engine hears it: one channel, cut to the sample, lengthened to whole windows.</param>
/// <param name="Delivered">The speech as the video carries it: cut to the sample.</param>
/// <param name="Prefix">How the names of output files begin.</param>
public sealed record WorkflowFiles(string Portrait, string Heard, string Delivered, string Prefix);

/// <summary>
/// Puts a talk into a workflow: inputs, size, frames, and what is needed for a video that is exactly as long as the speech. What a caller
/// would not expect is told.
/// <code>
///   LoadAudio (lengthened) ─> AudioCrop (cuts nothing) ─> … ─> embeds: T frames ─> sampler ─> decode: T frames
///                                                                                               │
///   LoadAudio (as delivered) ──────────────> VHS_VideoCombine &lt;── ImageFromBatch: F frames &lt;────┘
/// </code>
/// </summary>
public sealed class WorkflowPatch
{
    /// <summary>The most frames that ImageFromBatch takes out of a batch, and so the most of a video of one prompt.</summary>
    public const int MaxFrames = 4096;

    /// <summary>
    /// Samples at 16 kHz behind the engine's speech beyond what a plan needs: AudioCrop drops the last one of whatever it is given.
    /// </summary>
    public const int SpareSamples = 1;

    private readonly Workflow _workflow;
    private readonly WorkflowPlaces _places;
    private readonly WorkflowWishes _wishes;
    private readonly TalkPlan _plan;
    private readonly List<string> _notes = [];

    private WorkflowPatch(Workflow workflow, WorkflowPlaces places, TalkPlan plan)
    {
        (_workflow, _places, _plan) = (workflow.Clone(), places, plan);
        _wishes = WorkflowWishes.Of(workflow, places);
    }

    /// <summary>Patches a copy.</summary>
    /// <param name="workflow">The caller's workflow; it stays as it is.</param>
    /// <param name="places">Its places.</param>
    /// <param name="plan">The talk's plan, of one prompt.</param>
    /// <param name="request">The talk's request: its seed and its prompt.</param>
    /// <param name="files">The talk's files on the engine.</param>
    /// <returns>What is to be run, and what was changed, one sentence each.</returns>
    public static (Workflow Patched, IReadOnlyList<string> Notes) Apply(
        Workflow workflow, WorkflowPlaces places, TalkPlan plan, TalkRequest request, WorkflowFiles files)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(files);
        var patch = new WorkflowPatch(workflow, places, plan);
        patch.SetRequest(request);
        patch.SetSize();
        patch.SetLength();
        patch.SetFrameRate();
        patch.SetInputs(files);
        patch.CutFrames();
        patch.SetVideos(files);
        patch.SetPrefixes(files.Prefix);
        return (patch._workflow, patch._notes);
    }

    private void SetRequest(TalkRequest request)
    {
        foreach (var sampler in _places.Samplers)
        {
            _workflow.Set(_workflow.PlaceOf(sampler, "seed"), request.Seed);
        }

        foreach (var text in _places.Texts)
        {
            _workflow.Set(_workflow.PlaceOf(text, "positive_prompt"), request.Prompt);
            if (request.NegativePrompt is { } negative)
            {
                _workflow.Set(_workflow.PlaceOf(text, "negative_prompt"), negative);
            }
        }
    }

    /// <summary>The size itself is told with the request, as for every talk.</summary>
    private void SetSize()
    {
        foreach (var node in _places.Resizes.Append(_places.Windows))
        {
            SetNumber(_workflow.PlaceOf(node, "width"), _plan.EffectiveSize.Width);
            SetNumber(_workflow.PlaceOf(node, "height"), _plan.EffectiveSize.Height);
        }

        foreach (var resize in _places.Resizes)
        {
            if (_workflow.NumberAt(new(resize, "divisible_by")) is { } divisor && divisor % FrameSize.SideMultiple != 0)
            {
                _workflow.Set(new(resize, "divisible_by"), FrameSize.SideMultiple);
                Tell($"Node {resize} makes sides in multiples of {FrameSize.SideMultiple} and not of {divisor}, as the model needs.");
            }
        }
    }

    /// <summary>One frame more than is embedded: the node cuts to num_frames and never lengthens.</summary>
    private void SetLength()
    {
        _workflow.Set(_places.Frames, _plan.SampledFrames + 1);
        var asked = _wishes.Frames is { } frames ? $"The workflow's {frames} frames" : "The workflow's frames";
        Tell($"{asked} were made {_plan.SampledFrames}, which are {_plan.Windows} whole windows; "
            + $"the first {_plan.VisibleFrames} of them are shown, as long as the speech.");
        if (_plan.PadSamples16k > 0)
        {
            Tell($"The speech was lengthened by {_plan.PadSamples16k / (double)WindowArithmetic.EngineSampleRate:0.##} s of silence "
                + "for the engine, which the video does not carry.");
        }
    }

    private void SetFrameRate()
    {
        foreach (var place in _places.Videos.Select(video => _workflow.PlaceOf(video, "frame_rate")).Prepend(_places.FrameRate).Distinct())
        {
            if (_workflow.NumberAt(place) is var rate && rate != WindowArithmetic.FramesPerSecond)
            {
                _workflow.Set(place, (double)WindowArithmetic.FramesPerSecond);
                Tell($"Node {place.Node} has {WindowArithmetic.FramesPerSecond} frames a second{(rate is null ? "" : $" and not {rate}")}, as the model makes them.");
            }
        }
    }

    private void SetInputs(WorkflowFiles files)
    {
        _workflow.Set(_places.Portrait, files.Portrait);
        _workflow.Set(_places.Speech, files.Heard);
        if (_places.Crop is { } crop)
        {
            var end = ((_plan.SampledFrames + 2) / WindowArithmetic.FramesPerSecond) + 2;
            _workflow.Set(new(crop, "start_time"), "0:00");
            _workflow.Set(new(crop, "end_time"), $"{end / 60}:{end % 60:00}");
            Tell($"Node {crop} (AudioCrop) cuts nothing any more: the speech is cut before, to the sample.");
        }
    }

    /// <summary>Takes the frames behind the speech away between the decoder and whatever it feeds.</summary>
    private void CutFrames()
    {
        foreach (var decode in _plan.CutFrames > 0 ? _places.Decodes : [])
        {
            var cut = Add("ImageFromBatch", new() { ["batch_index"] = 0, ["length"] = _plan.VisibleFrames });
            foreach (var (id, _) in _workflow.Graph)
            {
                var inputs = _workflow.InputsOf(id);
                foreach (var input in inputs.Select(one => one.Key).Where(input => _workflow.SourceOf(id, input) == decode).ToList())
                {
                    inputs[input] = new JsonArray(cut, 0);
                }
            }

            _workflow.InputsOf(cut)["image"] = new JsonArray(decode, 0);
        }
    }

    /// <summary>
    /// trim_to_audio loses frames, and without it the sound is lengthened to the frames. The sound is the speech as it was given, unless
    /// the workflow wants something that it made of it.
    /// </summary>
    private void SetVideos(WorkflowFiles files)
    {
        string? delivered = null;
        foreach (var video in _places.Videos)
        {
            var inputs = _workflow.InputsOf(video);
            inputs["save_metadata"] = false;
            inputs["save_output"] = true;
            foreach (var flag in (string[])["trim_to_audio", "pingpong"])
            {
                if (inputs.ContainsKey(flag) && inputs[flag]?.ToString() is not ("false" or "False"))
                {
                    Tell($"Node {video} has {flag} off, since the video would not be as long as the speech.");
                }

                inputs[flag] = false;
            }

            if (_workflow.SourceOf(video, "audio") is { } source && (source == _places.Speech.Node || source == _places.Crop))
            {
                delivered ??= Add("LoadAudio", new() { ["audio"] = files.Delivered });
                inputs["audio"] = new JsonArray(delivered, 0);
            }
        }
    }

    /// <summary>Every file of the talk lies in the talk's own folder on the engine.</summary>
    private void SetPrefixes(string prefix)
    {
        foreach (var (id, _) in _workflow.Graph.Where(node => _workflow.InputsOf(node.Key).ContainsKey("filename_prefix")).ToList())
        {
            _workflow.Set(new(id, "filename_prefix"), $"{prefix}/{new string([.. id.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')])}");
        }
    }

    private string Add(string name, JsonObject inputs)
    {
        var id = Enumerable.Range(1, int.MaxValue).Select(number => $"wantalk-{number}").First(id => !_workflow.Graph.ContainsKey(id));
        _workflow.Graph[id] = new JsonObject { ["class_type"] = name, ["inputs"] = inputs };
        return id;
    }

    /// <summary>Sets a number where a number stands; what is linked follows from what it is linked to.</summary>
    private void SetNumber(WorkflowPlace place, int value)
    {
        if (_workflow.NumberAt(place) is not null)
        {
            _workflow.Set(place, value);
        }
    }

    private void Tell(string note) => _notes.Add(note);
}
