namespace WanTalk.Understudy.Picture;

/// <summary>
/// Moves the lower face: for each place in a frame, the place in the portrait that is seen there. The face above the mouth and the face
/// below it are two sheets; each slides down or up, column by column, fixed at the nose and at the neck, and they part along the
/// mouth. Where the portrait smiles with open lips, rest draws both sheets together until the lips meet.
/// </summary>
internal sealed class MouthWarp
{
    /// <summary>How much of the opening the upper lip makes by rising; the jaw does the rest.</summary>
    private const float UpperShare = 0.22f;

    /// <summary>How far the chin goes with the lower lip.</summary>
    private const float ChinShare = 0.85f;

    /// <summary>How much of the way of a lip's inner edge its outer edge goes along when the lips close: the rest makes the lip fuller.</summary>
    private const float ClosingOuter = 0.4f;

    /// <summary>How much of a smile is let go: how far its corners come down and inwards, against how far the middle of the mouth sags.</summary>
    private const float SmileDown = 0.4f;
    private const float SmileIn = 0.3f;

    private readonly MouthColumns _face;
    private readonly float[] _gapShape;
    private readonly float[] _jaw;
    private readonly float[] _cornerFall;
    private readonly float[] _sideways;
    private readonly float[] _upperOuter;
    private readonly float[] _upperInner;
    private readonly float[] _lowerInner;
    private readonly float[] _lowerOuter;
    private readonly float[] _chin;
    private readonly float _smile;
    private float _corners;

    public MouthWarp(MouthColumns face)
    {
        _face = face;
        var count = face.Count;
        (_gapShape, _jaw, _cornerFall, _sideways) = (new float[count], new float[count], new float[count], new float[count]);
        (_upperOuter, _upperInner, _lowerInner, _lowerOuter, _chin) =
            (new float[count], new float[count], new float[count], new float[count], new float[count]);
        var middle = (face.LeftInner + face.RightInner) / 2;
        var half = (face.RightInner - face.LeftInner) / 2;
        _smile = MathF.Max(face.Seam(middle) - (0.03f * face.Unit), 0);
        for (var i = 0; i < count; i++)
        {
            var x = face.ColumnX(i);
            var inner = (x - middle) / half;
            _gapShape[i] = MathF.Pow(MathF.Max(1 - (inner * inner), 0), 0.62f);
            _jaw[i] = Smooth.Bump(x, 1.15f * face.Unit);
            var side = x / face.HalfWidth;
            // 1 at a corner, 0 in the middle, fading towards the ear.
            _sideways[i] = Smooth.Bump(x, face.Reach) * side * MathF.Exp(0.5f * (1 - (side * side)));
            _cornerFall[i] = MathF.Abs(side) < 1 ? side * side : Smooth.Bump(MathF.Abs(x) - face.HalfWidth, 0.6f * face.Unit);
        }
    }

    /// <summary>Sets the mouth for the frame that is rendered next.</summary>
    public void Set(MouthShape shape)
    {
        var unit = _face.Unit;
        _corners = (shape.Corners * unit) - (SmileIn * _smile);
        for (var i = 0; i < _face.Count; i++)
        {
            var gap = shape.Gap * unit * _gapShape[i];
            var corner = ((0.1f * shape.Gap * unit) + (SmileDown * _smile)) * _cornerFall[i];
            var closing = (_face.LowerInner[i] - _face.UpperInner[i]) / 2;
            var pout = 0.035f * shape.Rounding * unit * _gapShape[i];
            var drop = (1 - UpperShare) * shape.Gap * unit;
            _upperInner[i] = closing + corner - (UpperShare * gap);
            _upperOuter[i] = (ClosingOuter * closing) + corner - (0.8f * UpperShare * gap) - pout;
            _lowerInner[i] = -closing + corner + ((1 - UpperShare) * gap);
            _lowerOuter[i] = -(ClosingOuter * closing) + corner + ((1 - UpperShare) * gap) + pout;
            _chin[i] = ChinShare * drop * _jaw[i];
        }
    }

    /// <summary>Finds what is seen at a place, both in the mouth's axes.</summary>
    public WarpedPlace Find(float x, float y)
    {
        var unit = _face.Unit;
        var near = Smooth.Bump(y, (y < 0 ? MouthColumns.SidewaysUp : MouthColumns.SidewaysDown) * unit);
        var column = x - (_corners * near * _face.Locate(x).In(_sideways));
        var at = _face.Locate(column);
        var (dUpper, dLower) = (at.In(_upperInner), at.In(_lowerInner));
        var (upper, lower) = (at.In(_face.UpperInner) + dUpper, at.In(_face.LowerInner) + dLower);
        return new WarpedPlace(
            column,
            y < upper + 0.5f ? y - UpperMotion(at, y, upper, dUpper) : float.NaN,
            y > lower - 0.5f ? y - LowerMotion(at, y, lower, dLower) : float.NaN,
            upper,
            lower);
    }

    private float UpperMotion(ColumnPlace at, float y, float inner, float dInner)
    {
        var dOuter = at.In(_upperOuter);
        var outer = MathF.Min(at.In(_face.UpperOuter) + dOuter, inner);
        return y < outer ? Between(at.In(_face.Nose), 0, outer, dOuter, y) : Between(outer, dOuter, inner, dInner, y);
    }

    private float LowerMotion(ColumnPlace at, float y, float inner, float dInner)
    {
        var dOuter = at.In(_lowerOuter);
        var outer = MathF.Max(at.In(_face.LowerOuter) + dOuter, inner);
        if (y < outer)
            return Between(inner, dInner, outer, dOuter, y);
        var dChin = at.In(_chin);
        var chin = MathF.Max(at.In(_face.Chin) + dChin, outer);
        return y < chin ? Between(outer, dOuter, chin, dChin, y) : Between(chin, dChin, at.In(_face.Neck), 0, y);
    }

    private static float Between(float from, float a, float to, float b, float y) =>
        a + ((b - a) * Smooth.Step(from, MathF.Max(to, from + 1e-3f), y));
}
