using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Nodes.Images.Resizing;

/// <summary>Puts a resized picture into a larger one.</summary>
internal static class Padding
{
    public static RgbImage Around(RgbImage inner, ResizePlan plan, ResizeRequest request)
    {
        if (!plan.IsPadded)
            return inner;
        var outer = request.Proportion == "pillarbox_blur"
            ? BlurredBackground.Of(inner, plan.TotalWidth, plan.TotalHeight)
            : new RgbImage(plan.TotalWidth, plan.TotalHeight, new byte[3 * plan.TotalWidth * plan.TotalHeight]);
        switch (request.Proportion)
        {
            case "pad":
                Fill(outer, new PicturePart(0, 0, outer.Width, outer.Height), PadColour.Parse(request.PadColour));
                break;
            case "pad_edge":
                PadWithMeans(outer, inner, plan);
                break;
            case "pad_edge_pixel":
                PadWithPixels(outer, inner, plan);
                break;
            default:
                break;
        }
        for (var y = 0; y < inner.Height; y++)
            Row(inner, y).CopyTo(Row(outer, plan.Top + y)[(3 * plan.Left)..]);
        return outer;
    }

    /// <summary>Each side has the mean colour of the edge beside it; left and right have the corners.</summary>
    private static void PadWithMeans(RgbImage outer, RgbImage inner, ResizePlan plan)
    {
        Fill(outer, new PicturePart(0, 0, outer.Width, plan.Top), Mean(inner, new PicturePart(0, 0, inner.Width, 1)));
        Fill(
            outer,
            new PicturePart(0, plan.Top + inner.Height, outer.Width, plan.Bottom),
            Mean(inner, new PicturePart(0, inner.Height - 1, inner.Width, 1)));
        Fill(outer, new PicturePart(0, 0, plan.Left, outer.Height), Mean(inner, new PicturePart(0, 0, 1, inner.Height)));
        Fill(
            outer,
            new PicturePart(plan.Left + inner.Width, 0, plan.Right, outer.Height),
            Mean(inner, new PicturePart(inner.Width - 1, 0, 1, inner.Height)));
    }

    /// <summary>Each pixel is the nearest one of the edge.</summary>
    private static void PadWithPixels(RgbImage outer, RgbImage inner, ResizePlan plan)
    {
        for (var y = 0; y < outer.Height; y++)
        {
            var from = Row(inner, Math.Clamp(y - plan.Top, 0, inner.Height - 1));
            var to = Row(outer, y);
            for (var x = 0; x < outer.Width; x++)
                from.Slice(3 * Math.Clamp(x - plan.Left, 0, inner.Width - 1), 3).CopyTo(to[(3 * x)..]);
        }
    }

    private static void Fill(RgbImage picture, PicturePart part, ReadOnlySpan<byte> colour)
    {
        for (var y = part.Top; y < part.Top + part.Height; y++)
        {
            for (var x = part.Left; x < part.Left + part.Width; x++)
                colour.CopyTo(Row(picture, y)[(3 * x)..]);
        }
    }

    private static byte[] Mean(RgbImage picture, PicturePart part)
    {
        var sums = new double[3];
        for (var y = part.Top; y < part.Top + part.Height; y++)
        {
            for (var x = part.Left; x < part.Left + part.Width; x++)
            {
                for (var channel = 0; channel < 3; channel++)
                    sums[channel] += Row(picture, y)[(3 * x) + channel];
            }
        }
        return [.. sums.Select(sum => (byte)((sum / (part.Width * part.Height)) + 0.5))];
    }

    private static Span<byte> Row(RgbImage picture, int y) => picture.Pixels.AsSpan(3 * y * picture.Width, 3 * picture.Width);
}
