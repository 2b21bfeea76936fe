using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Tests;

/// <summary>The declarations against what the real server said of the same classes.</summary>
public sealed class ObjectInfoSpecs : IDisposable
{
    /// <summary>Lists that hold the files of a machine: empty or accidental in the recording.</summary>
    private static readonly HashSet<string> FileLists =
    [
        "LoadImage.image", "LoadAudio.audio", "CLIPVisionLoader.clip_name", "LoadWanVideoT5TextEncoder.model_name", "MultiTalkModelLoader.model",
        "WanVideoModelLoader.model", "Wav2VecModelLoader.model", "WanVideoTextEncodeCached.model_name", "WanVideoVAELoader.model_name", "WanVideoLoraSelect.lora",
    ];

    private static readonly string[] ComparedOptions = ["default", "min", "max", "step", "image_upload", "audio_upload"];

    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-").FullName;

    public static TheoryData<string> RecordedClasses()
    {
        var recorded = Recorded();
        using var specs = new ObjectInfoSpecs();
        return [.. specs.Declared().Select(node => node.Key).Where(recorded.ContainsKey)];
    }

    [Theory]
    [MemberData(nameof(RecordedClasses))]
    public void A_declared_class_takes_and_gives_what_the_real_one_does(string name)
    {
        var (real, ours) = (Recorded()[name]!.AsObject(), Declared()[name]!.AsObject());
        foreach (var group in (string[])["required", "optional"])
        {
            var realInputs = real["input"]![group]?.AsObject() ?? [];
            var ourInputs = ours["input"]![group]?.AsObject() ?? [];
            Assert.Equal(realInputs.Select(input => input.Key), ourInputs.Select(input => input.Key));
            foreach (var (input, description) in realInputs)
                Assert.Equal(Meaning($"{name}.{input}", description!.AsArray()), Meaning($"{name}.{input}", ourInputs[input]!.AsArray()));
        }
        foreach (var member in (string[])["output", "output_name", "output_node", "category", "python_module", "display_name", "output_is_list"])
            Assert.Equal(real[member]?.ToJsonString(), ours[member]?.ToJsonString());
    }

    [Fact]
    public void Every_class_of_the_graphs_is_declared()
    {
        foreach (var graph in (string[])["separate.json", "embed.json", "window.json"])
        {
            foreach (var (_, node) in Harness.StagedTalk.Graph(graph))
                Assert.True(Declared().ContainsKey(node!["class_type"]!.ToString()), $"{graph}: {node["class_type"]}");
        }
    }

    [Fact]
    public void At_least_the_nineteen_classes_of_the_graphs_are_compared() => Assert.True(RecordedClasses().Count >= 19);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonObject Recorded() =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recordings", "object_info.json")))!;

    private JsonObject Declared() => new NodeRegistry(new EngineFolders(_folder)).DescribeAll();

    /// <summary>What a description means: tooltips, a default of null and the two ways to write a list are no difference.</summary>
    private static string Meaning(string input, JsonArray description)
    {
        var options = description.Count > 1 ? description[1]!.AsObject() : [];
        var choices = description[0] as JsonArray ?? options["options"] as JsonArray;
        var meaning = new List<string> { choices is null ? description[0]!.ToString() : FileLists.Contains(input) ? "files" : choices.ToJsonString() };
        foreach (var option in ComparedOptions)
        {
            if (options[option] is { } value)
                meaning.Add($"{option}={(value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? decimal.Parse(value.ToJsonString(), System.Globalization.NumberStyles.Float, null).ToString("0.#########") : value.ToJsonString())}");
        }
        return string.Join(" ", meaning);
    }
}
