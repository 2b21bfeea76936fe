using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes.Images.Resizing;

/// <summary>What ImageResizeKJv2 is asked for.</summary>
internal sealed record ResizeRequest(
    int Width, int Height, string Method, string Proportion, string Position, int DivisibleBy, string PadColour);

/// <summary>What is done to pictures of one size: which part is kept, to what size it is brought, and what is put around it.</summary>
internal sealed record ResizePlan(PicturePart Part, int Width, int Height, int Left, int Right, int Top, int Bottom)
{
    public int TotalWidth => Width + Left + Right;

    public int TotalHeight => Height + Top + Bottom;

    public bool IsPadded => (Left | Right | Top | Bottom) != 0;

    public static ResizePlan For(int sourceWidth, int sourceHeight, ResizeRequest request)
    {
        var (width, height) = Fit(sourceWidth, sourceHeight, request);
        // The room around it is reckoned before both sides are made divisible.
        var isPadded = request.Proportion is "pillarbox_blur" || request.Proportion.StartsWith("pad", StringComparison.Ordinal);
        var (left, right, top, bottom) = isPadded
            ? PadsOf(request.Width - width, request.Height - height, request.Position)
            : (0, 0, 0, 0);
        (width, height) = (Floor(width, request.DivisibleBy), Floor(height, request.DivisibleBy));
        Demand(sourceWidth, sourceHeight, width, height, request);
        var part = request.Proportion == "crop"
            ? CropOf(sourceWidth, sourceHeight, (double)width / height, request.Position)
            : new PicturePart(0, 0, sourceWidth, sourceHeight);
        if (left <= 0 && right <= 0 && top <= 0 && bottom <= 0)
            return new ResizePlan(part, width, height, 0, 0, 0, 0);
        right += Missing(width + left + right, request.DivisibleBy);
        bottom += Missing(height + top + bottom, request.DivisibleBy);
        return new ResizePlan(part, width, height, left, right, top, bottom);
    }

    private static (int Width, int Height) Fit(int sourceWidth, int sourceHeight, ResizeRequest request)
    {
        var (width, height) = (request.Width, request.Height);
        if (request.Proportion is "stretch" or "crop")
            return (width == 0 ? sourceWidth : width, height == 0 ? sourceHeight : height);
        if (request.Proportion == "total_pixels")
        {
            var (pixels, aspect) = ((double)width * height, (double)sourceWidth / sourceHeight);
            return ((int)Math.Sqrt(pixels * aspect), (int)Math.Sqrt(pixels / aspect));
        }
        return (width, height) switch
        {
            (0, 0) => (sourceWidth, sourceHeight),
            (0, _) => (Round(sourceWidth * ((double)height / sourceHeight)), height),
            (_, 0) => (width, Round(sourceHeight * ((double)width / sourceWidth))),
            _ => Scaled(Math.Min((double)width / sourceWidth, (double)height / sourceHeight)),
        };

        (int Width, int Height) Scaled(double ratio) => (Round(sourceWidth * ratio), Round(sourceHeight * ratio));
    }

    private static (int Left, int Right, int Top, int Bottom) PadsOf(int wide, int high, string position)
    {
        var (left, top) = (wide / 2, high / 2);
        return position switch
        {
            "top" => (left, wide - left, 0, high),
            "bottom" => (left, wide - left, high, 0),
            "left" => (0, wide, top, high - top),
            "right" => (wide, 0, top, high - top),
            _ => (left, wide - left, top, high - top),
        };
    }

    /// <summary>The largest part with a proportion.</summary>
    private static PicturePart CropOf(int width, int height, double aspect, string position)
    {
        var (kept, high) = (double)width / height > aspect
            ? (Math.Max(1, Round(height * aspect)), height)
            : (width, Math.Max(1, Round(width / aspect)));
        var (left, top) = ((width - kept) / 2, (height - high) / 2);
        return position switch
        {
            "top" => new PicturePart(left, 0, kept, high),
            "bottom" => new PicturePart(left, height - high, kept, high),
            "left" => new PicturePart(0, top, kept, high),
            "right" => new PicturePart(width - kept, top, kept, high),
            _ => new PicturePart(left, top, kept, high),
        };
    }

    private static void Demand(int sourceWidth, int sourceHeight, int width, int height, ResizeRequest request)
    {
        if (width > 0 && height > 0)
            return;
        if (request.Proportion == "crop" && height == 0)
            throw new NodeException("ZeroDivisionError", "division by zero");
        throw request.Method == "lanczos"
            ? new NodeException("ValueError", "height and width must be > 0")
            : new NodeException(
                "RuntimeError",
                $"Input and output sizes should be greater than 0, but got input (H: {sourceHeight}, W: {sourceWidth}) "
                + $"output (H: {height}, W: {width})");
    }

    private static int Floor(int side, int divisor) => divisor > 1 ? side / divisor * divisor : side;

    private static int Missing(int side, int divisor) => divisor > 1 && side % divisor > 0 ? divisor - (side % divisor) : 0;

    private static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
