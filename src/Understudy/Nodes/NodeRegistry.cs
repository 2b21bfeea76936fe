using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Audio;
using WanTalk.Understudy.Nodes.Basics;
using WanTalk.Understudy.Nodes.Images;
using WanTalk.Understudy.Nodes.Models;
using WanTalk.Understudy.Nodes.Pack;
using WanTalk.Understudy.Nodes.Sampling;
using WanTalk.Understudy.Nodes.Video;

namespace WanTalk.Understudy.Nodes;

/// <summary>The node classes that the understudy has.</summary>
internal sealed class NodeRegistry
{
    private readonly Dictionary<string, Node> _nodes;
    private readonly EngineFolders _folders;

    public NodeRegistry(EngineFolders folders, IEnumerable<Node>? more = null, bool withoutPack = false)
    {
        _folders = folders;
        var models = new ModelFiles(folders.Root);
        Node[] own =
        [
            new LoadImageNode(), new ResizeImageNode(), new SaveImageNode(preview: false), new SaveImageNode(preview: true),
            new RepeatImageNode(), new ImageFromBatchNode(), new ImageSizeNode(), new PreviewAnyNode(),
            new LoadAudioNode(), new AudioCropNode(), new SeparationNode(),
            new SaveAudioNode(preview: false), new SaveAudioNode(preview: true),
            new Wav2VecEmbedsNode(), new SamplerNode(), new DecodeNode(), new VideoCombineNode(),
            new TextEncodeNode(), new CachedTextEncodeNode(models), new ClipVisionEncodeNode(), new ImageToVideoNode(),
            new CheckAudioNode(), new FitAudioNode(), new SaveConditioningNode(), new LoadConditioningNode(), new WindowSamplerNode(),
        ];
        _nodes = own
            .Concat(ConstantNode.All())
            .Concat(ModelNodes.All(models))
            .Concat(more ?? [])
            .Where(node => !withoutPack || node.Schema.Module != PackSchema.Module)
            .ToDictionary(node => node.Schema.Class, StringComparer.Ordinal);
    }

    public Node? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>object_info of one class, {} for an unknown one.</summary>
    public JsonObject Describe(string name) =>
        Find(name) is { } node ? new JsonObject { [name] = node.Schema.Describe(Current) } : [];

    /// <summary>object_info of all classes.</summary>
    public JsonObject DescribeAll() =>
        new(_nodes.Select(node => KeyValuePair.Create(node.Key, (JsonNode?)node.Value.Schema.Describe(Current))));

    private InputSpec Current(InputSpec input) => input.ListsInputFolder
        ? input with { Choices = [.. Directory.EnumerateFiles(_folders.Input).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] }
        : input;
}
