using System.Text.Json.Nodes;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Tests.Workflows;

/// <summary>How a talk is put into a caller's workflow.</summary>
public sealed class WorkflowPatchSpecs
{
    private const long SevenSeconds = 7 * 48_000;

    [Fact]
    public void A_workflow_of_175_frames_and_639x640_is_aligned_valid_and_told_what_was_changed()
    {
        var graph = SeedWorkflow.With(("214", "value", 175), ("210", "value", 639), ("159", "end_time", "0:07"));
        var request = SeedWorkflow.Check(graph, out _)!;

        var patched = SeedWorkflow.Patch(graph, SevenSeconds, out var plan);

        Assert.Equal((new FrameSize(639, 640), new FrameSize(640, 640)), (request.RequestedSize, request.EffectiveSize));
        Assert.Equal((175, 3, 225, 50), (plan.VisibleFrames, plan.Windows, plan.SampledFrames, plan.CutFrames));
        Assert.Equal((226, 640, 640), (Number(patched, "214"), Number(patched, "210"), Number(patched, "211")));
        Assert.Contains(request.Warnings, note => note.Contains("639x640", StringComparison.Ordinal) && note.Contains("640x640", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, note => note.Contains("175 frames were made 225", StringComparison.Ordinal));
    }

    [Fact]
    public void The_engine_hears_a_lengthened_speech_and_the_video_carries_it_as_it_is()
    {
        var patched = SeedWorkflow.Patch(SeedWorkflow.With(("214", "value", 175)), SevenSeconds, out var plan);

        Assert.Equal("t/p.png", (string?)patched["133"]!["inputs"]!["image"]);
        Assert.Equal("t/heard.flac", (string?)patched["125"]!["inputs"]!["audio"]);
        var sound = (string)patched["131"]!["inputs"]!["audio"]![0]!;
        Assert.Equal("t/speech.flac", (string?)patched[sound]!["inputs"]!["audio"]);
        Assert.Equal((640 * 225) + 40 - 112_000, plan.PadSamples16k);
        Assert.Equal(("0:00", "0:11"), ((string?)patched["159"]!["inputs"]!["start_time"], (string?)patched["159"]!["inputs"]!["end_time"]));
    }

    [Fact]
    public void Frames_behind_the_speech_are_cut_before_they_are_encoded()
    {
        var patched = SeedWorkflow.Patch(SeedWorkflow.With(("214", "value", 175)), SevenSeconds, out _);
        var cut = (string)patched["131"]!["inputs"]!["images"]![0]!;
        Assert.Equal(("ImageFromBatch", 175), ((string?)patched[cut]!["class_type"], (int)patched[cut]!["inputs"]!["length"]!));
        Assert.Equal("130", (string?)patched[cut]!["inputs"]!["image"]![0]);
        Assert.False((bool)patched["131"]!["inputs"]!["trim_to_audio"]!);
    }

    [Fact]
    public void Whole_windows_need_no_cut()
    {
        var patched = SeedWorkflow.Patch(SeedWorkflow.Load(), 225 * 1920, out var plan);
        Assert.Equal(0, plan.CutFrames);
        Assert.Equal("130", (string?)patched["131"]!["inputs"]!["images"]![0]);
    }

    [Fact]
    public void Places_are_found_by_what_their_nodes_are_for_whatever_their_ids()
    {
        var graph = Renamed(SeedWorkflow.With(("214", "value", 175)), id => $"node {int.Parse(id, System.Globalization.CultureInfo.InvariantCulture) * 7}");
        graph["decoy"] = JsonNode.Parse("""{"class_type":"LoadImage","inputs":{"image":"other.png"}}""");

        var patched = SeedWorkflow.Patch(graph, SevenSeconds, out var plan);

        Assert.Equal(225, plan.SampledFrames);
        Assert.Equal("t/p.png", (string?)patched["node 931"]!["inputs"]!["image"]);
        Assert.Equal("other.png", (string?)patched["decoy"]!["inputs"]!["image"]);
        Assert.Equal(226, Number(patched, "node 1498"));
    }

    [Fact]
    public void Numbers_that_stand_in_the_nodes_themselves_are_set_there()
    {
        var graph = SeedWorkflow.With(("194", "num_frames", 175), ("194", "fps", 24), ("171", "width", 639), ("171", "height", 480), ("131", "frame_rate", 30), ("171", "divisible_by", 2));

        var patched = SeedWorkflow.Patch(graph, SevenSeconds, out var plan);

        Assert.Equal((226, 25.0, 25.0), ((int)patched["194"]!["inputs"]!["num_frames"]!, (double)patched["194"]!["inputs"]!["fps"]!, (double)patched["131"]!["inputs"]!["frame_rate"]!));
        Assert.Equal((640, 480, 16), ((int)patched["171"]!["inputs"]!["width"]!, (int)patched["171"]!["inputs"]!["height"]!, (int)patched["171"]!["inputs"]!["divisible_by"]!));
        Assert.All(["not 24", "not 30", "and not of 2"], what => Assert.Contains(plan.Notes, note => note.Contains(what, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_the_caller_names_goes_before_what_the_workflow_says()
    {
        var draft = new TalkDraft { Width = 512, Seed = 7, Prompt = "A man is talking" };
        var request = SeedWorkflow.Check(SeedWorkflow.With(("213", "seed", 99)), out _, draft)!;
        Assert.Equal((new FrameSize(512, 640), 7, "A man is talking"), (request.RequestedSize, request.Seed, request.Prompt));

        var silent = SeedWorkflow.Check(SeedWorkflow.With(("213", "seed", 99)), out _)!;
        Assert.Equal((new FrameSize(640, 640), 99, "A woman is talking"), (silent.RequestedSize, silent.Seed, silent.Prompt));
    }

    [Fact]
    public void Every_file_goes_into_the_talks_own_folder_and_carries_no_copy_of_the_workflow()
    {
        var graph = SeedWorkflow.With(("131", "save_metadata", true));
        graph["a/b"] = JsonNode.Parse("""{"class_type":"SaveImage","inputs":{"images":["133",0],"filename_prefix":"mine"}}""");
        var patched = SeedWorkflow.Patch(graph, SevenSeconds, out _);
        Assert.Equal(("wantalk/t/a/131", "wantalk/t/a/a-b"), ((string?)patched["131"]!["inputs"]!["filename_prefix"], (string?)patched["a/b"]!["inputs"]!["filename_prefix"]));
        Assert.False((bool)patched["131"]!["inputs"]!["save_metadata"]!);
    }

    [Theory]
    [InlineData("0:00", "0:09", 225, 6, 0, 150)]
    [InlineData("0:02", "0:05", 225, 20, 96_000, 75)]
    [InlineData("2", "90", 441, 20, 96_000, 441)]
    [InlineData("-1", "0:04", 225, 20, 0, 100)]
    public void The_talk_is_as_long_as_the_speech_but_no_longer_than_crop_and_frames_say(
        string start, string end, int frames, int seconds, long first, int visible)
    {
        var graph = SeedWorkflow.With(("159", "start_time", start), ("159", "end_time", end), ("214", "value", frames));
        var plan = SeedWorkflow.Plan(graph, seconds * 48_000L);
        Assert.Equal((first, visible), (plan.FirstSpeechSample, plan.VisibleFrames));
        Assert.Equal(visible < seconds * 25, plan.Notes.Any(note => note.StartsWith("Of the speech's", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0:05", "0:05")]
    [InlineData("0:30", "0:40")]
    [InlineData("0:00:01", "0:00:02")]
    public void A_crop_that_leaves_nothing_is_refused(string start, string end)
    {
        var refused = Assert.Throws<TalkException>(() => SeedWorkflow.Plan(SeedWorkflow.With(("159", "start_time", start), ("159", "end_time", end)), SevenSeconds));
        Assert.Equal(ErrorCode.SpeechTooShort, refused.Error.Code);
    }

    [Fact]
    public void More_frames_than_one_prompt_can_hold_are_refused()
    {
        var graph = SeedWorkflow.With(("159", "end_time", "60:00"), ("214", "value", 10_000));
        Assert.Equal(ErrorCode.WorkflowTooLong, Assert.Throws<TalkException>(() => SeedWorkflow.Plan(graph, 48_000L * 600)).Error.Code);
        Assert.Equal(WorkflowPatch.MaxFrames, SeedWorkflow.Plan(graph, WorkflowPatch.MaxFrames * 1920L).VisibleFrames);
    }

    [Fact]
    public void The_node_embeds_exactly_the_planned_frames_whatever_the_length() =>
        Gen.Select(Gen.Long[1, WorkflowPatch.MaxFrames * 1920L], Gen.Int[2, 200], Gen.Int[1, 100]).Where(wanted => wanted.Item3 < wanted.Item2).Sample((samples, window, tail) =>
        {
            var graph = SeedWorkflow.With(("159", "end_time", "60:00"), ("214", "value", 9_999), ("192", "frame_window_size", window), ("192", "motion_frame", tail));
            var plan = SeedWorkflow.Plan(graph, samples);
            // What the runner uploads, less the sample that AudioCrop drops; then the node's own arithmetic.
            var heard = ((samples + 2) / 3) + plan.PadSamples16k + WorkflowPatch.SpareSamples - 1;
            var kept = Math.Min(heard, (long)((plan.SampledFrames + 1) / 25.0 * 16000));
            return (int)(kept / 16000.0 * 25.0) == plan.SampledFrames
                && plan.SampledFrames >= plan.VisibleFrames
                && (plan.SampledFrames - tail) % (window - tail) == 0;
        });

    private static int Number(JsonObject graph, string node) => (int)graph[node]!["inputs"]!["value"]!;

    /// <summary>The same graph under other ids.</summary>
    private static JsonObject Renamed(JsonObject graph, Func<string, string> rename)
    {
        var renamed = new JsonObject();
        foreach (var (id, node) in graph)
        {
            var copy = node!.DeepClone();
            foreach (var (_, value) in copy["inputs"]!.AsObject())
            {
                if (value is JsonArray { Count: 2 } link)
                    link[0] = rename((string)link[0]!);
            }

            renamed[rename(id)] = copy;
        }

        return renamed;
    }
}
