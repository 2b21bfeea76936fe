using System.Numerics;
using System.Runtime.Intrinsics;
using WanTalk.Core.Errors;
using WanTalk.Media.Faces;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Speech;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// Makes a portrait speak, one frame at a time. Each pixel of the head is sampled once from the portrait (cubic), through the
/// head's motion, the mouth and the eyelids; what is between the lips is painted. All other pixels are the portrait's own bytes.
/// Not safe for several threads at once.
/// </summary>
public sealed class TalkingHead : IDisposable
{
    /// <summary>One for all talks: its networks are large, and each prompt begins with a look for the face.</summary>
    private static readonly Lazy<FaceFinder> Finder = new();
    private readonly RgbImage _portrait;
    private readonly HeadMask _mask;
    private readonly FaceAxes _neck;
    private readonly float _faceHeight;
    private readonly MouthColumns _columns;
    private readonly MouthWarp _mouth;
    private readonly MouthInside _inside;
    private readonly LipSheets _sheets;
    private readonly Eyelid[] _eyelids;
    private bool _isDisposed;

    private TalkingHead(RgbImage portrait, FaceMesh mesh)
    {
        _portrait = portrait;
        _mask = new HeadMask(portrait.Width, portrait.Height, mesh);
        var eyes = FaceAxes.Through(mesh.LeftEye, mesh.RightEye);
        _neck = eyes with { Origin = mesh.Points[152] };
        _faceHeight = Vector2.Distance(mesh.Points[10], mesh.Points[152]);
        _columns = new MouthColumns(mesh);
        _mouth = new MouthWarp(_columns);
        _inside = new MouthInside(_columns, mesh, portrait);
        using (var texture = new Texture(portrait, _mask.Left, _mask.Top, _mask.Width, _mask.Height))
            _sheets = new LipSheets(texture, _columns);
        _eyelids =
        [
            new Eyelid(mesh, MeshContours.LeftBrow, MeshContours.LeftEyeUpper, MeshContours.LeftEyeLower),
            new Eyelid(mesh, MeshContours.RightBrow, MeshContours.RightEyeUpper, MeshContours.RightEyeLower),
        ];
        var touched = new byte[portrait.Width * portrait.Height];
        for (var y = 0; y < _mask.Height; y++)
        {
            for (var x = 0; x < _mask.Width; x++)
                touched[((_mask.Top + y) * portrait.Width) + _mask.Left + x] = (byte)MathF.Ceiling(255 * _mask.Weights[(y * _mask.Width) + x]);
        }

        HeadMask = touched;
    }

    /// <summary>One byte a pixel, row by row: 0 outside the head, where every frame has the portrait's bytes; up to 255 on the face.</summary>
    public ReadOnlyMemory<byte> HeadMask { get; }

    /// <summary>Finds the largest face of a portrait and prepares it.</summary>
    /// <param name="portraitAtOutputSize">The portrait, as large as the frames will be. Kept, and must not change.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.PortraitNoFace"/>: no face was found.</exception>
    public static TalkingHead Create(RgbImage portraitAtOutputSize)
    {
        ArgumentNullException.ThrowIfNull(portraitAtOutputSize);
        foreach (var face in Finder.Value.Find(portraitAtOutputSize, CancellationToken.None))
        {
            if (Finder.Value.Mesh(portraitAtOutputSize, face) is { } mesh)
                return new TalkingHead(portraitAtOutputSize, mesh);
        }

        throw new TalkException(
            ErrorCode.PortraitNoFace,
            "No face was found in the portrait; use a picture that shows one face from the front, large enough to see its eyes and mouth.");
    }

    /// <summary>The state before the first frame. The same seed gives the same motion.</summary>
    public MotionState Start(long seed) => HeadMotion.Start(seed);

    /// <summary>Draws the next frame and advances the state by it. Rows are drawn side by side, on as many cores as there are: each pixel is its own.</summary>
    /// <param name="features">The frame's <see cref="SpeechFeatures.Dimensions"/> numbers.</param>
    /// <param name="state">What the frame before left; changed in place.</param>
    /// <param name="rgb24">Receives the frame: 3 x width x height bytes, R G B, row by row.</param>
    public void Render(ReadOnlySpan<float> features, MotionState state, byte[] rgb24)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rgb24);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Length, SpeechFeatures.Dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb24.Length, _portrait.Pixels.Length);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _portrait.Pixels.CopyTo(rgb24.AsSpan());
        var pose = HeadMotion.Advance(state, features[SpeechFeatures.Openness]);
        _mouth.Set(MouthShape.For(features));
        var (sine, cosine) = MathF.SinCos(-pose.Turn);
        var shift = pose.Shift * _faceHeight;
        Parallel.For(0, _mask.Height, y => RenderRow(y, pose.Blink, shift, sine, cosine, rgb24));
    }

    private void RenderRow(int y, float blink, Vector2 shift, float sine, float cosine, byte[] rgb24)
    {
        var weights = _mask.Weights.AsSpan(y * _mask.Width, _mask.Width);
        var row = rgb24.AsSpan(3 * (((_mask.Top + y) * _portrait.Width) + _mask.Left), 3 * _mask.Width);
        for (var x = 0; x < weights.Length; x++)
        {
            var weight = weights[x];
            if (weight == 0)
                continue;
            var place = new Vector2(_mask.Left + x + 0.5f, _mask.Top + y + 0.5f);
            var back = place - shift - _neck.Origin;
            var still = new Vector2((back.X * cosine) - (back.Y * sine), (back.X * sine) + (back.Y * cosine)) + _neck.Origin;
            var colour = Look(place + (weight * (still - place)), weight, blink);
            Store(colour, row.Slice(3 * x, 3));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
            _sheets.Dispose();
        _isDisposed = true;
    }

    private Vector128<float> Look(Vector2 place, float weight, float blink)
    {
        var at = _columns.Axes.Enter(place);
        if (MathF.Abs(at.X) < _columns.Reach && at.Y > _columns.Top && at.Y < _columns.Bottom)
            return LookAtMouth(place, at, weight);
        if (blink > 0)
        {
            foreach (var lid in _eyelids)
            {
                if (lid.Reaches(place))
                    return lid.Look(_sheets.Upper, place, blink);
            }
        }

        return _sheets.Upper.Sample(place.X, place.Y);
    }

    private Vector128<float> LookAtMouth(Vector2 place, Vector2 at, float weight)
    {
        var found = _mouth.Find(at.X, at.Y);
        // The chin may come near the edge of the head; there the motion fades with it.
        var fade = Smooth.Step(0, 0.1f, weight);
        var upper = Math.Clamp(found.Upper + 0.5f - at.Y, 0, 1);
        var lower = Math.Clamp(at.Y + 0.5f - found.Lower, 0, 1);
        var colour = Vector128<float>.Zero;
        if (upper > 0)
            colour += upper * Peek(_sheets.Upper, place, new Vector2(found.X, found.UpperY), fade);
        if (lower > 0)
            colour += lower * Peek(_sheets.Lower, place, new Vector2(found.X, found.LowerY), fade);
        colour *= _inside.LipShade(found, at.Y);
        var open = 1 - upper - lower;
        return open > 0 ? colour + (open * _inside.Colour(found, at.Y)) : colour;
    }

    private Vector128<float> Peek(Texture sheet, Vector2 place, Vector2 found, float fade)
    {
        var source = _columns.Axes.Leave(found);
        if (fade < 1)
            source = place + ((source - place) * fade);
        return sheet.Sample(source.X, source.Y);
    }

    private static void Store(Vector128<float> colour, Span<byte> pixel)
    {
        var whole = Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(colour, Vector128<float>.Zero), Vector128.Create(255f)) + Vector128.Create(0.5f));
        pixel[0] = (byte)whole[0];
        pixel[1] = (byte)whole[1];
        pixel[2] = (byte)whole[2];
    }
}
