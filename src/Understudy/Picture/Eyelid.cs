using System.Numerics;
using WanTalk.Media.Faces;

namespace WanTalk.Understudy.Picture;

/// <summary>One eye's upper lid: in a blink the skin above the eye is drawn down over it, lashes first, and the lower lid comes up a little.</summary>
internal sealed class Eyelid
{
    /// <summary>How much of the way the upper lid makes.</summary>
    private const float UpperShare = 0.9f;
    private readonly FaceAxes _axes;
    private readonly Contour _upper;
    private readonly Contour _lower;
    private readonly float _fold;
    private readonly float _half;

    public Eyelid(FaceMesh mesh, ReadOnlySpan<int> upper, ReadOnlySpan<int> lower)
    {
        _axes = FaceAxes.Through(mesh.Points[upper[0]], mesh.Points[upper[^1]]);
        (_upper, _lower) = (Line(mesh, upper), Line(mesh, lower));
        _fold = 0.15f * mesh.EyeDistance;
        _half = (_upper.Right - _upper.Left) / 2;
    }

    /// <summary>Whether a place of the picture may be touched by a blink.</summary>
    public bool Reaches(Vector2 place) => Vector2.DistanceSquared(place, _axes.Origin) < (_half + _fold) * (_half + _fold);

    /// <summary>Finds what is seen at a place of the picture when the eye is closed by <paramref name="blink"/>, 0..1.</summary>
    public Vector2 Find(Vector2 place, float blink)
    {
        var at = _axes.Enter(place);
        var (top, bottom) = (_upper.At(at.X), _lower.At(at.X));
        var height = MathF.Max(bottom - top, 0);
        var (down, up) = (UpperShare * blink * height, (1 - UpperShare) * blink * height);
        var edge = top + down;
        if (at.Y < edge)
        {
            var moved = down * Smooth.Step(top - _fold, edge, at.Y);
            return _axes.Leave(at with { Y = MathF.Min(at.Y - moved, top) });
        }

        if (at.Y < bottom - up)
            return place;
        return _axes.Leave(at with { Y = at.Y + (up * (1 - Smooth.Step(bottom - up, bottom + _fold, at.Y))) });
    }

    private Contour Line(FaceMesh mesh, ReadOnlySpan<int> points)
    {
        var line = new List<Vector2>(points.Length);
        foreach (var point in points)
            line.Add(_axes.Enter(mesh.Points[point]));
        return new Contour(line);
    }
}
