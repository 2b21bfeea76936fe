using System.Text.Json.Nodes;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Images;
using WanTalk.Understudy.Nodes.Images.Resizing;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Tests.Nodes;

/// <summary>ImageResizeKJv2 against what the real one was seen to do.</summary>
public sealed class ResizeSpecs
{
    private static readonly ResizeRequest Plain = new(64, 64, "bilinear", "stretch", "center", 1, "0, 0, 0");

    [Fact]
    public void Every_recorded_picture_comes_out_in_the_recorded_size_or_fails_in_the_recorded_words()
    {
        var rows = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recordings", "resize_cases.json")))!.AsArray();
        var differences = new List<string>();
        foreach (var row in rows)
        {
            if (Outcome(row!) is var outcome && outcome != Recorded(row!))
                differences.Add($"{row!.ToJsonString()}: {outcome}");
        }
        Assert.Equal(350, rows.Count);
        Assert.Empty(differences);
    }

    [Theory]
    [InlineData("nearest-exact", "0 0 0 0 90 90 90 90")]
    [InlineData("bilinear", "0 0 0 23 68 90 90 90")]
    [InlineData("bicubic", "0 0 0 20 70 99 93 90")]
    [InlineData("area", "0 0 0 0 90 90 90 90")]
    public void A_step_that_is_enlarged_is_what_torch_makes_of_it(string method, string expected)
    {
        var grown = Resampler.Resize(Grey(4, 1, 0, 0, 90, 90), new PicturePart(0, 0, 4, 1), 8, 1, method);
        Assert.Equal(expected, Reds(grown));
    }

    [Theory]
    [InlineData("nearest-exact", "20 60")]
    [InlineData("bilinear", "15 55")]
    [InlineData("area", "15 55")]
    public void A_row_that_is_halved_is_what_torch_makes_of_it(string method, string expected)
    {
        var shrunk = Resampler.Resize(Grey(4, 1, 10, 20, 50, 60), new PicturePart(0, 0, 4, 1), 2, 1, method);
        Assert.Equal(expected, Reds(shrunk));
    }

    [Theory]
    [InlineData("left", 10)]
    [InlineData("center", 20)]
    [InlineData("right", 30)]
    public void The_crop_position_decides_which_part_is_kept(string position, int kept)
    {
        var source = Grey(3, 1, 10, 20, 30);
        var request = Plain with { Width = 1, Height = 1, Proportion = "crop", Position = position };
        Assert.Equal($"{kept}", Reds(ResizeImageNode.Resize(source, ResizePlan.For(3, 1, request), request)));
    }

    [Theory]
    [InlineData("pad", "top", "7 7 7", "7 7 7")]
    [InlineData("pad_edge", "top", "20 20 20", "20 20 20")]
    [InlineData("pad_edge_pixel", "top", "10 20 30", "10 20 30")]
    [InlineData("pillarbox_blur", "top", null, null)]
    public void Room_is_filled_below_a_picture_that_lies_at_the_top(string proportion, string position, string? second, string? third)
    {
        var source = Grey(3, 1, 10, 20, 30);
        var request = Plain with { Width = 3, Height = 3, Proportion = proportion, Position = position, PadColour = "7, 7, 7" };
        var plan = ResizePlan.For(3, 1, request);

        var rows = Reds(ResizeImageNode.Resize(source, plan, request)).Split(' ').Chunk(3).Select(row => string.Join(' ', row)).ToList();

        Assert.Equal(3, rows.Count);
        Assert.Equal("10 20 30", rows[0]);
        if (second is null)
            Assert.All(rows.Skip(1).SelectMany(row => row.Split(' ')), value => Assert.InRange(int.Parse(value, null), 1, 10));
        else
            Assert.Equal([second, third!], rows[1..]);
        Assert.Equal([0, 0, 0, 255, 255, 255, 255, 255, 255], MaskResizing.Apply(null, 3, 1, plan, request).Values);
    }

    [Fact]
    public void A_mask_is_cropped_and_resized_with_the_picture_and_none_is_64_by_64_of_nothing()
    {
        var request = Plain with { Width = 2, Height = 2, Proportion = "crop", Position = "right", Method = "nearest-exact" };
        var plan = ResizePlan.For(4, 2, request);

        Assert.Equal([2, 3, 6, 7], MaskResizing.Apply(new MaskValue(4, 2, [0, 1, 2, 3, 4, 5, 6, 7]), 4, 2, plan, request).Values);
        Assert.Equal((64, 64), (MaskResizing.Apply(null, 4, 2, plan, request).Width, MaskResizing.Apply(null, 4, 2, plan, request).Height));
    }

    [Theory]
    [InlineData("255, 0, 10", 255, 0, 10)]
    [InlineData("1.0, 0.5, 0", 255, 127, 0)]
    [InlineData("#0A0B0C", 10, 11, 12)]
    [InlineData("red", 255, 0, 0)]
    [InlineData("128", 128, 128, 128)]
    [InlineData("no colour", 0, 0, 0)]
    public void A_pad_colour_may_be_written_in_many_ways(string text, int red, int green, int blue) =>
        Assert.Equal([(byte)red, (byte)green, (byte)blue], PadColour.Parse(text));

    private static string Outcome(JsonNode row)
    {
        try
        {
            var request = new ResizeRequest(
                (int)row["width"]!,
                (int)row["height"]!,
                "nearest-exact",
                (string)row["keep_proportion"]!,
                "center",
                (int)row["divisible_by"]!,
                "0, 0, 0");
            var (width, height) = ((int)row["in"]![0]!, (int)row["in"]![1]!);
            var plan = ResizePlan.For(width, height, request);
            var picture = ResizeImageNode.Resize(new RgbImage(width, height, new byte[3 * width * height]), plan, request);
            return $"{picture.Width}x{picture.Height}";
        }
        catch (NodeException error)
        {
            return $"{error.Type}: {error.Told}";
        }
    }

    private static string Recorded(JsonNode row) =>
        row["out"] is JsonArray size ? $"{size[0]}x{size[1]}" : $"{row["error"]}: {row["message"]}";

    private static RgbImage Grey(int width, int height, params byte[] values) =>
        new(width, height, [.. values.SelectMany(value => (byte[])[value, value, value])]);

    private static string Reds(RgbImage picture) => string.Join(' ', picture.Pixels.Where((_, i) => i % 3 == 0));
}
