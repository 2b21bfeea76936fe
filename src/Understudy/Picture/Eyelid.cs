using System.Numerics;
using System.Runtime.Intrinsics;
using WanTalk.Media.Faces;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// One eye's lids: in a blink the skin between brow and eye is drawn down over the eye, lashes first, and the lower lid comes up a little.
/// </summary>
internal sealed class Eyelid
{
    /// <summary>How much of the way the upper lid makes.</summary>
    private const float UpperShare = 0.88f;

    /// <summary>How much of the skin between brow and eye is drawn down.</summary>
    private const float FoldShare = 0.85f;

    /// <summary>How high the lashes stand over the edge of the lid, in eye distances.</summary>
    private const float LashShare = 0.04f;
    private readonly FaceAxes _axes;
    private readonly Contour _brow;
    private readonly Contour _upper;
    private readonly Contour _lower;
    private readonly float _unit;
    private readonly float _half;

    public Eyelid(FaceMesh mesh, ReadOnlySpan<int> brow, ReadOnlySpan<int> upper, ReadOnlySpan<int> lower)
    {
        _axes = FaceAxes.Through(mesh.Points[upper[0]], mesh.Points[upper[^1]]);
        (_brow, _upper, _lower) = (Line(mesh, brow), Line(mesh, upper), Line(mesh, lower));
        _unit = mesh.EyeDistance;
        _half = (_upper.Right - _upper.Left) / 2;
    }

    /// <summary>Whether a place of the picture may be touched by a blink.</summary>
    public bool Reaches(Vector2 place)
    {
        var at = _axes.Enter(place);
        return MathF.Abs(at.X) < _half && MathF.Abs(at.Y) < 0.5f * _unit;
    }

    /// <summary>What is seen at a place of the picture when the eye is closed by <paramref name="blink"/>, 0..1.</summary>
    public Vector128<float> Look(Texture portrait, Vector2 place, float blink)
    {
        var at = _axes.Enter(place);
        var (top, bottom) = (_upper.At(at.X), _lower.At(at.X));
        var height = MathF.Max(bottom - top, 0);
        var (down, up) = (UpperShare * blink * height, (1 - UpperShare) * blink * height);
        var (edge, rim) = (top + down, bottom - up);
        var covered = Math.Clamp(edge + 0.5f - at.Y, 0, 1);
        var colour = Vector128<float>.Zero;
        if (covered > 0)
        {
            var fold = top - Math.Clamp(FoldShare * (top - _brow.At(at.X)), 0.1f * _unit, 0.3f * _unit);
            // The lashes go down as they are; the skin above them is drawn out evenly.
            var part = Math.Clamp((at.Y - fold) / (edge - (LashShare * _unit) - fold), 0, 1);
            var moved = down * ((0.8f * part) + (0.2f * Smooth.Step(0, 1, part)));
            colour += covered * Sample(portrait, at with { Y = at.Y - moved });
        }

        if (covered < 1)
        {
            var raised = at.Y < rim ? 0 : up * (1 - Smooth.Step(rim, bottom + (0.15f * _unit), at.Y));
            colour += (1 - covered) * Sample(portrait, at with { Y = at.Y + raised });
        }

        return colour;
    }

    private Vector128<float> Sample(Texture portrait, Vector2 at)
    {
        var place = _axes.Leave(at);
        return portrait.Sample(place.X, place.Y);
    }

    private Contour Line(FaceMesh mesh, ReadOnlySpan<int> points)
    {
        var line = new List<Vector2>(points.Length);
        foreach (var point in points)
            line.Add(_axes.Enter(mesh.Points[point]));
        return new Contour(line);
    }
}
