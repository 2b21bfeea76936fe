using System.Text.Json.Nodes;
using SkiaSharp;
using WanTalk.ComfyUI;
using WanTalk.Understudy.Nodes.Images;
using WanTalk.Understudy.Tests.Harness;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Tests.Nodes;

public sealed class ImageNodesSpecs : IAsyncLifetime
{
    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync();
        _client = _engine.NewClient();
        await _client.UploadAsync(new MemoryStream(TalkInputs.Png(64, 48)), "p.png", cancellationToken: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 2, 2)]
    [InlineData(3, 4096, 2)]
    [InlineData(4095, 1, 1)]
    public async Task Frames_are_taken_from_a_batch_as_far_as_it_goes_and_each_is_saved(int first, int length, int files)
    {
        var outcome = await RunAsync(new JsonObject
        {
            ["1"] = Probe.Node("LoadImage", new JsonObject { ["image"] = "p.png" }),
            ["2"] = Probe.Node("RepeatImageBatch", new JsonObject { ["image"] = new JsonArray("1", 0), ["amount"] = 5 }),
            ["3"] = Probe.Node(
                "ImageFromBatch", new JsonObject { ["image"] = new JsonArray("2", 0), ["batch_index"] = first, ["length"] = length }),
            ["4"] = Probe.Node("SaveImage", new JsonObject { ["images"] = new JsonArray("3", 0), ["filename_prefix"] = "f_%width%" }),
            ["5"] = Probe.Node("GetImageSizeAndCount", new JsonObject { ["image"] = new JsonArray("3", 0) }),
            ["6"] = Probe.Node("PreviewAny", new JsonObject { ["source"] = new JsonArray("5", 3) }),
        });

        var names = outcome.Files("4", "images").Select(file => file.Filename);
        Assert.Equal(Enumerable.Range(1, files).Select(i => $"f_64_0000{i}_.png"), names);
        Assert.Equal($"{files}x64x48", (string?)outcome.Outputs["5"]["text"]![0]);
        Assert.Equal($"{files}", (string?)outcome.Outputs["6"]["text"]![0]);
    }

    [Fact]
    public async Task Values_are_shown_as_Python_would_write_them()
    {
        JsonObject graph = [];
        foreach (var (id, name, value) in (ReadOnlySpan<(string, string, JsonNode)>)
        [
            ("1", "PrimitiveFloat", 25), ("2", "PrimitiveInt", -7), ("3", "PrimitiveBoolean", true), ("4", "PrimitiveString", "a b"),
            ("5", "FloatConstant", 0.1),
        ])
        {
            graph[id] = Probe.Node(name, new JsonObject { ["value"] = value });
            graph[$"1{id}"] = Probe.Node("PreviewAny", new JsonObject { ["source"] = new JsonArray(id, 0) });
        }
        var outcome = await RunAsync(graph);
        var shown = Enumerable.Range(11, 5).Select(id => (string?)outcome.Outputs[$"{id}"]["text"]![0]);
        Assert.Equal(["25.0", "-7", "True", "a b", "0.1"], shown);
    }

    [Fact]
    public async Task Sound_is_previewed_in_the_folder_for_that()
    {
        await _client.UploadAsync(new MemoryStream(TalkInputs.Wav(1)), "a.wav", cancellationToken: Stop);
        var outcome = await RunAsync(new JsonObject
        {
            ["1"] = Probe.Node("LoadAudio", new JsonObject { ["audio"] = "a.wav" }),
            ["2"] = Probe.Node("PreviewAudio", new JsonObject { ["audio"] = new JsonArray("1", 0) }),
        });
        Assert.Equal("temp", Assert.Single(outcome.Files("2", "audio")).Type);
    }

    [Fact]
    public void What_is_transparent_is_the_mask_and_shows_its_colour()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 100, 50, 255));
        bitmap.SetPixel(1, 0, new SKColor(200, 100, 50, 55));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        var (picture, mask) = PictureDecoder.Decode(png.ToArray(), "p.png");

        Assert.Equal([200, 100, 50, 200, 100, 50], picture.Pixels);
        Assert.Equal([0, 200], mask.Values);
        Assert.Equal(64, PictureDecoder.Decode(TalkInputs.Png(8, 8), "q.png").Mask.Width);
    }

    [Fact]
    public void A_photograph_is_turned_upright_by_its_orientation()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(32, 16, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.Black);
        bitmap.Erase(SKColors.White, new SKRectI(0, 0, 16, 16));
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);

        // Orientation 6: the camera was turned, the left side is the top.
        var (picture, _) = PictureDecoder.Decode(WithOrientation(jpeg.ToArray(), 6), "p.jpg");

        Assert.Equal((16, 32), (picture.Width, picture.Height));
        Assert.True(picture.Pixels[3 * 16 * 4] > 200 && picture.Pixels[3 * 16 * 28] < 50);
    }

    [Fact]
    public void Frames_on_disk_stay_until_the_last_holder_lets_go_of_them()
    {
        using var folder = new TemporaryFolder();
        var scratch = new ScratchFile(folder.Path);
        for (byte i = 0; i < 3; i++)
            scratch.Append([i, i, i]);
        var frames = new FramesValue(scratch, 1, 1);
        var range = new FrameRange(frames, 1, 5);
        frames.Dispose();

        Assert.Equal([1, 2, 0, 1, 2], Enumerable.Range(0, 5).Select(i => (int)range.Picture(i).Pixels[0]));
        range.Dispose();
        Assert.Throws<ObjectDisposedException>(() => range.Picture(0));
    }

    private async Task<PromptOutcome> RunAsync(JsonObject graph)
    {
        var outcome = await _client.RunPromptAsync(graph, cancellationToken: Stop);
        Assert.Null(outcome.Failure);
        return outcome;
    }

    /// <summary>A JPEG with an EXIF segment that has the orientation and nothing else.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
