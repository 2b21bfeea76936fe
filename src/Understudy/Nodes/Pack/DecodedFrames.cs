using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Faults;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// A window's frames on their way to the file, refused as the pack refuses them: black ones, and ones that are no numbers. The understudy
/// draws bytes, which are always numbers, of a portrait with a face; only a fault makes them otherwise.
/// </summary>
internal sealed class DecodedFrames
{
    /// <summary>A picture of which no value is above this, of 255, is black.</summary>
    private const byte Black = 2;

    private readonly int _window;
    private readonly bool _areBlack;
    private readonly bool _areNoNumbers;
    private int _next;

    public DecodedFrames(int window, NodeContext context)
    {
        _window = window;
        _areBlack = context.Host.IsSpoilt(FaultKind.BlackWindow, window);
        _areNoNumbers = context.Host.IsSpoilt(FaultKind.NanWindow, window);
    }

    /// <summary>Looks at the next frame, in R G B bytes.</summary>
    public void Check(ReadOnlySpan<byte> frame)
    {
        var index = _next++;
        if (_areNoNumbers)
            throw PackRefusal.Frames($"Frame {index} of window {_window} has values that are no numbers; try the precision bf16 (base_precision).");
        if (IsBlack(_areBlack ? new byte[frame.Length] : frame))
            throw PackRefusal.Frames($"Frame {index} of window {_window} is black; try the precision bf16 (base_precision), or another model.");
    }

    /// <summary>Whether a picture is black.</summary>
    internal static bool IsBlack(ReadOnlySpan<byte> frame) => !frame.ContainsAnyExceptInRange((byte)0, Black);
}
