using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Video;

/// <summary>
/// VHS_VideoCombine: the first frame as P_00001.png, the frames as P_00001.mp4, and with audio once more as P_00001-audio.mp4.
/// </summary>
internal sealed class VideoCombineNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "VHS_VideoCombine",
        [
            Link("images", "IMAGE"),
            Float("frame_rate", null, 1, null, 1) with { Default = 8 },
            Int("loop_count", 0, 0, 100, 1),
            Text("filename_prefix", "AnimateDiff"),
            VideoFormats.Choices,
            Flag("pingpong", false),
            Flag("save_output", true),
            Link("audio", "AUDIO").Optional(),
            Link("meta_batch", "VHS_BatchManager").Optional(),
            Link("vae", "VAE").Optional(),
        ],
        [new OutputSpec("VHS_FILENAMES", "Filenames")])
    {
        DisplayName = "Video Combine 🎥🅥🅗🅢",
        Category = "Video Helper Suite 🎥🅥🅗🅢",
        Module = "custom_nodes.ComfyUI-VideoHelperSuite",
        IsOutput = true,
        TakesAnyInput = true,
    };

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var images = inputs.Get<ImageValue>("images");
        var format = VideoFormats.All.First(format => format.Name == inputs.Text("format"));
        if (format.Extension is null)
        {
            var written = string.Join(", ", VideoFormats.All.Where(one => one.Extension is not null).Select(one => one.Name));
            throw new NodeException("NotImplementedError", $"The understudy does not write {format.Name}; choose one of {written}.");
        }
        var saved = inputs.Flag("save_output");
        var (folder, subfolder, stem) = context.ForPrefix(inputs.Text("filename_prefix"), temporary: !saved);
        var name = string.Create(CultureInfo.InvariantCulture, $"{stem}_{NextNumber(folder, stem):00000}");
        var picture = Path.Combine(folder, $"{name}.png");
        await PictureWriter.WritePngFileAsync(images.Picture(0), picture, context.Stop);
        var comment = format.IsOn("save_metadata", inputs)
            ? new JsonObject { ["prompt"] = context.Host.Graph.ToJsonString() }.ToJsonString()
            : null;
        var settings = new VideoSettings(format, inputs.Float("frame_rate"), inputs.Int("loop_count"), inputs.Flag("pingpong"), comment);
        var encoder = new VideoEncoder(settings, inputs, context);
        List<string> files = [picture, Path.Combine(folder, $"{name}.{format.Extension}")];
        await encoder.EncodeAsync(images, files[1]);
        if (inputs.Find<AudioValue>("audio") is { } audio)
        {
            files.Add(Path.Combine(folder, $"{name}-audio.{format.Extension}"));
            await encoder.AddSoundAsync(images, audio, files[1], files[2]);
        }
        var shown = new JsonObject
        {
            ["filename"] = Path.GetFileName(files[^1]),
            ["subfolder"] = subfolder,
            ["type"] = saved ? "output" : "temp",
            ["format"] = format.Name,
            ["frame_rate"] = settings.FrameRate,
            ["workflow"] = Path.GetFileName(picture),
            ["fullpath"] = files[^1],
        };
        return new NodeResult([files], new JsonObject { ["gifs"] = new JsonArray(shown) });
    }

    /// <summary>The number behind the highest of P_number.ext and P_number-more.ext.</summary>
    private static int NextNumber(string folder, string stem)
    {
        var pattern = new Regex($@"^{Regex.Escape(stem)}_(\d+)\D*\..+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        return Directory.EnumerateFiles(folder)
            .Select(path => pattern.Match(Path.GetFileName(path)).Groups[1].Value)
            .Select(digits => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .DefaultIfEmpty(0)
            .Max() + 1;
    }
}
