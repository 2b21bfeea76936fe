using WanTalk.Media.Pictures;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Images.Resizing;

/// <summary>
/// What ImageResizeKJv2 gives as mask: the mask that came, treated as the picture was; or where something was put around it.
/// </summary>
internal static class MaskResizing
{
    public static MaskValue Apply(MaskValue? mask, int sourceWidth, int sourceHeight, ResizePlan plan, ResizeRequest request)
    {
        if (mask is not null)
        {
            var resized = Resized(mask, sourceWidth, sourceHeight, plan, request.Method);
            return Around(resized, plan, repeatsEdge: request.Proportion != "pillarbox_blur");
        }
        if (!plan.IsPadded)
            return MaskValue.None;
        return Around(new MaskValue(plan.Width, plan.Height, new byte[plan.Width * plan.Height]), plan, repeatsEdge: false);
    }

    private static MaskValue Resized(MaskValue mask, int sourceWidth, int sourceHeight, ResizePlan plan, string method)
    {
        var grey = new byte[3 * mask.Values.Length];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = mask.Values[i / 3];
        var picture = new RgbImage(mask.Width, mask.Height, grey);
        // A mask of another size than the picture is not cropped.
        var part = (mask.Width, mask.Height) == (sourceWidth, sourceHeight) ? plan.Part : PicturePart.AllOf(picture);
        var resized = Resampler.Resize(picture, part, plan.Width, plan.Height, method).Pixels;
        return new MaskValue(plan.Width, plan.Height, [.. Enumerable.Range(0, plan.Width * plan.Height).Select(i => resized[3 * i])]);
    }

    private static MaskValue Around(MaskValue inner, ResizePlan plan, bool repeatsEdge)
    {
        if (!plan.IsPadded)
            return inner;
        var outer = new byte[plan.TotalWidth * plan.TotalHeight];
        for (var y = 0; y < plan.TotalHeight; y++)
        {
            for (var x = 0; x < plan.TotalWidth; x++)
            {
                var (column, row) = (Math.Clamp(x - plan.Left, 0, inner.Width - 1), Math.Clamp(y - plan.Top, 0, inner.Height - 1));
                var isInside = (column, row) == (x - plan.Left, y - plan.Top);
                outer[(y * plan.TotalWidth) + x] = isInside || repeatsEdge ? inner.Values[(row * inner.Width) + column] : (byte)255;
            }
        }
        return new MaskValue(plan.TotalWidth, plan.TotalHeight, outer);
    }
}
