using System.Text.Json.Nodes;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Tests.Workflows;

/// <summary>What a caller's workflow may not be or do.</summary>
public sealed class WorkflowRefusalSpecs
{
    [Fact]
    public void The_seeds_workflow_is_accepted() => Assert.Empty(SeedWorkflow.Problems(SeedWorkflow.Load()));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"1":{"class_type":"LoadImage"}}""")]
    [InlineData("""{"1":{"inputs":{}}}""")]
    [InlineData("""{"1":{"class_type":7,"inputs":{}}}""")]
    [InlineData("""{"1":{"class_type":"LoadImage","inputs":[]}}""")]
    [InlineData("""{"nodes":[],"links":[]}""")]
    [InlineData("""{"1":{"class_type":"LoadImage","class_type":"LoadImage","inputs":{}}}""")]
    public void What_is_no_workflow_is_told_so(string json)
    {
        var problems = new List<TalkError>();
        Assert.Null(WorkflowReader.Read(json, [], problems));
        Assert.All(problems, problem => Assert.Equal(ErrorCode.WorkflowInvalid, problem.Code));
        Assert.NotEmpty(problems);
    }

    [Theory]
    [InlineData("VHS_LoadVideoPath")]
    [InlineData("VHS_PruneOutputs")]
    [InlineData("SaveImageKJ")]
    [InlineData("Screencap_mss")]
    [InlineData("EvaluateAnything")]
    [InlineData("loadimage")]
    public void A_node_class_that_is_not_on_the_list_is_refused_by_name_until_it_is_allowed(string name)
    {
        var graph = SeedWorkflow.Load();
        graph["900"] = new JsonObject { ["class_type"] = name, ["inputs"] = new JsonObject() };

        var problem = Assert.Single(SeedWorkflow.Problems(graph));

        Assert.Equal(ErrorCode.WorkflowForbidden, problem.Code);
        Assert.Contains(name, problem.Message, StringComparison.Ordinal);
        Assert.Empty(SeedWorkflow.Problems(graph, name));
    }

    [Theory]
    [InlineData("133", "image", "../main.py")]
    [InlineData("133", "image", "a/../../b.png")]
    [InlineData("133", "image", "/etc/passwd")]
    [InlineData("133", "image", "..\\x.png")]
    [InlineData("133", "image", "C:x.png")]
    [InlineData("133", "image", "~/x.png")]
    [InlineData("133", "image", "x.png [output]")]
    [InlineData("133", "image", "wantalk/someone/portrait.png")]
    [InlineData("125", "audio", "file:///etc/passwd")]
    [InlineData("125", "audio", "https://example.com/a.mp3")]
    [InlineData("131", "filename_prefix", "../../x")]
    [InlineData("131", "filename_prefix", "./wantalk/x")]
    [InlineData("192", "output_path", "frames")]
    [InlineData("120", "model", "../../secret.safetensors")]
    public void A_path_that_leads_out_of_the_input_folder_is_refused(string node, string input, string value)
    {
        var problem = Assert.Single(SeedWorkflow.Problems(SeedWorkflow.With((node, input, value))));
        Assert.Equal(ErrorCode.WorkflowForbidden, problem.Code);
        Assert.All([node, input], word => Assert.Contains(word, problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_path_that_hides_in_a_list_is_found() =>
        Assert.Single(SeedWorkflow.Problems(SeedWorkflow.With(("210", "value", new JsonArray(new JsonArray("/etc/passwd"))))));

    [Fact]
    public void A_path_that_comes_over_a_link_is_refused_at_both_ends()
    {
        var graph = SeedWorkflow.With(("192", "output_path", new JsonArray("900", 0)));
        graph["900"] = JsonNode.Parse("""{"class_type":"StringConstant","inputs":{"string":"/srv/frames"}}""");
        Assert.Equal(["192", "900"], SeedWorkflow.Problems(graph).Select(problem => problem.Message.Split(' ')[5]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Words_may_hold_anything() =>
        Assert.Empty(SeedWorkflow.Problems(SeedWorkflow.With(("135", "positive_prompt", "/ ../ https://x C:\\ \u0000"))));

    [Theory]
    [InlineData("194", "MultiTalkWav2VecEmbeds")]
    [InlineData("192", "WanVideoImageToVideoMultiTalk")]
    [InlineData("131", "VHS_VideoCombine")]
    [InlineData("125", "LoadAudio")]
    [InlineData("133", "LoadImage")]
    public void A_node_that_a_talk_needs_is_named_when_it_is_missing(string node, string name)
    {
        var graph = SeedWorkflow.Load();
        graph.Remove(node);
        Assert.Contains(SeedWorkflow.Problems(graph), problem => problem.Message.Contains(name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("194", "MultiTalkWav2VecEmbeds")]
    [InlineData("192", "WanVideoImageToVideoMultiTalk")]
    public void A_node_that_stands_twice_is_refused(string node, string name)
    {
        var graph = SeedWorkflow.Load();
        graph["900"] = graph[node]!.DeepClone();
        Assert.Contains(SeedWorkflow.Problems(graph), problem => problem.Message.Contains(name, StringComparison.Ordinal) && problem.Message.Contains("900", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_speaker_a_second_crop_and_a_video_that_is_no_mp4_are_refused()
    {
        Assert.Single(SeedWorkflow.Problems(SeedWorkflow.With(("194", "audio_2", new JsonArray("170", 3)))));
        Assert.Single(SeedWorkflow.Problems(SeedWorkflow.With(("131", "format", "video/webm"))));
        var graph = SeedWorkflow.Load();
        graph["900"] = graph["159"]!.DeepClone();
        graph["159"]!["inputs"]!["audio"] = new JsonArray("900", 0);
        Assert.Single(SeedWorkflow.Problems(graph));
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(64)]
    public void A_size_that_a_talk_may_not_have_is_refused(int width)
    {
        Assert.Null(SeedWorkflow.Check(SeedWorkflow.With(("210", "value", width)), out var problems));
        Assert.Equal(ErrorCode.SizeOutOfRange, Assert.Single(problems).Code);
    }

    [Fact]
    public void Sampling_settings_beside_a_workflow_are_refused()
    {
        var draft = new TalkDraft { Sampling = SamplingDraft.Empty with { Steps = 8 } };
        Assert.Null(SeedWorkflow.Check(SeedWorkflow.Load(), out var problems, draft));
        Assert.Contains(problems, problem => problem.Code == ErrorCode.SettingsConflict);
    }

    [Fact]
    public void A_loop_in_a_workflow_ends() =>
        Assert.Empty(SeedWorkflow.Problems(SeedWorkflow.With(("159", "start_time", new JsonArray("170", 0)))));

    [Theory]
    [InlineData(0.04)]
    [InlineData(-1.0)]
    public void A_number_of_frames_that_is_none_does_not_count(double frames) =>
        Assert.Equal(175, SeedWorkflow.Plan(SeedWorkflow.With(("214", "value", frames)), 336_000).VisibleFrames);

    [Fact]
    public void Whatever_is_given_is_accepted_or_refused_with_a_code_and_never_thrown_at() => Gen.Select(
        OneOf([.. SeedWorkflow.Load().Select(node => node.Key)]),
        OneOf("image", "audio", "width", "value", "format", "num_frames", "audio_1", "start_image", "end_time"),
        Gen.OneOf(Gen.String.Select(text => (JsonNode?)text), Gen.Int.Select(number => (JsonNode?)number), Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)number),
            Gen.Const((JsonNode?)null), Gen.Bool.Select(flag => (JsonNode?)flag),
            Gen.Select(OneOf("133", "213", "999", "194"), Gen.Int[-2, 5]).Select(link => (JsonNode?)new JsonArray(link.Item1, link.Item2)))).Sample((node, input, value) =>
        {
            var graph = SeedWorkflow.With((node, input, value?.DeepClone()));
            if (SeedWorkflow.Check(graph, out var problems) is not { OnePrompt: true } request)
                return problems.Count > 0;
            try
            {
                return SeedWorkflow.Plan(graph, 336_000).VisibleFrames is > 0 and <= 175 && request.EffectiveSize.Width % 16 == 0;
            }
            catch (TalkException refused)
            {
                return refused.Error.Code is ErrorCode.SpeechTooShort or ErrorCode.WorkflowTooLong;
            }
        });

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
