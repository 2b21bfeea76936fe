using System.Text.Json.Nodes;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Probes;

/// <summary>
/// The nodes with which the real server was recorded: slow, failing and showing ones. Off unless the understudy is started with --probes.
/// </summary>
internal static class ProbeNodes
{
    public static IEnumerable<Node> All() =>
        [new SleepNode(), new BigNode(), new OutNode("ProbeOut", shows: true), new OutNode("ProbeOutNoUi", shows: false), new RaiseNode()];

    private static NodeSchema Schema(string name, IReadOnlyList<InputSpec> inputs, bool isOutput) =>
        new(name, inputs, isOutput ? [] : [new OutputSpec("IMAGE", "IMAGE")])
        {
            Category = "probe",
            Module = "custom_nodes.wantalk_probe",
            IsOutput = isOutput,
        };

    private static RgbImage Grey(int width, int height, byte value)
    {
        var pixels = new byte[3 * width * height];
        pixels.AsSpan().Fill(value);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Takes its time, in so many steps; what it gives is the picture it was given, or a grey one.</summary>
    private sealed class SleepNode : Node
    {
        public override NodeSchema Schema { get; } = Schema(
            "ProbeSleep",
            [
                Int("steps", 4, 1, 1000),
                Float("seconds", 0.05, 0.0m, 60.0m),
                Int("seed", 0, 0, 2147483648),
                Choice("mode", ["progress", "preview", "silent"]),
                Link("image", "IMAGE").Optional(),
            ],
            isOutput: false) with
        { DisplayName = "Probe Sleep" };

        public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
        {
            var (steps, mode) = (inputs.Int("steps"), inputs.Text("mode"));
            if (double.IsNaN(inputs.Float("seconds")))
                throw new NodeException("ValueError", "Invalid value NaN (not a number)");
            var grey = Grey(16, 16, (byte)inputs.Int("seed"));
            for (var step = 1; step <= steps; step++)
            {
                await Task.Delay(TimeSpan.FromSeconds(inputs.Float("seconds")), context.Stop);
                if (mode != "silent")
                    context.Progress(step, steps, mode == "preview" ? PreviewPicture.Jpeg(Grey(16, 16, (byte)(255 * step / steps))) : null);
            }
            return new NodeResult([inputs.Find<PictureValue>("image") ?? new PictureValue(grey)]);
        }
    }

    /// <summary>Sends many previews that are as large as previews get, for clients that do not read.</summary>
    private sealed class BigNode : Node
    {
        private const int Side = 1024;

        public override NodeSchema Schema { get; } =
            Schema("ProbeBig", [Int("count", 10, 1, 1000), Int("seed", 0, 0, 2147483648)], isOutput: false);

        public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
        {
            var count = inputs.Int("count");
            // Noise, which no encoder makes small; the header of a JPEG is all that is looked at.
            var noise = new byte[Side * Side];
            new Random(inputs.Int("seed")).NextBytes(noise);
            PreviewPicture.Jpeg(Grey(8, 8, 0)).CopyTo(noise, 0);
            for (var i = 1; i <= count; i++)
                context.Progress(i, count, noise);
            return NodeResult.Of(new PictureValue(Grey(8, 8, (byte)inputs.Int("seed"))));
        }
    }

    /// <summary>Ends a prompt, and shows a text and a shape if it is the kind that shows.</summary>
    private sealed class OutNode(string name, bool shows) : Node
    {
        public override NodeSchema Schema { get; } =
            Schema(name, shows ? [Link("image", "IMAGE"), Text("text", "")] : [Link("image", "IMAGE")], isOutput: true);

        public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
        {
            if (!shows)
                return NodeResult.Of();
            var image = inputs.Get<PictureValue>("image").Image;
            var shape = new JsonArray(1, image.Height, image.Width, 3);
            var ui = new JsonObject { ["text"] = new JsonArray(inputs.Text("text")), ["shape"] = new JsonArray(shape) };
            return Task.FromResult(new NodeResult([], ui));
        }
    }

    /// <summary>Raises what it is told to.</summary>
    private sealed class RaiseNode : Node
    {
        public override NodeSchema Schema { get; } =
            Schema("ProbeRaise", [Link("image", "IMAGE"), Text("message", "boom"), Choice("kind", ["ValueError", "OOM"])], isOutput: false);

        public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context) =>
            throw new NodeException(inputs.Text("kind") == "OOM" ? NodeException.OutOfMemory : "ValueError", inputs.Text("message"));
    }
}
