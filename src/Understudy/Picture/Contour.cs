using System.Numerics;

namespace WanTalk.Understudy.Picture;

/// <summary>A line across the face as a smooth function: how far down it is at each place across. Level beyond its ends.</summary>
internal sealed class Contour
{
    private readonly Vector2[] _points;

    /// <param name="points">Points of the line; one that does not lie to the right of its predecessor is left out.</param>
    public Contour(IEnumerable<Vector2> points)
    {
        var kept = new List<Vector2>();
        foreach (var point in points)
        {
            if (kept.Count == 0 || point.X > kept[^1].X + 1e-3f)
                kept.Add(point);
        }

        _points = [.. kept];
    }

    /// <summary>Where the line begins.</summary>
    public float Left => _points[0].X;

    /// <summary>Where the line ends.</summary>
    public float Right => _points[^1].X;

    /// <summary>How far down the line is at <paramref name="x"/>: cubic Hermite with the slopes of the neighbours (Catmull-Rom).</summary>
    public float At(float x)
    {
        if (x <= Left)
            return _points[0].Y;
        if (x >= Right)
            return _points[^1].Y;
        var i = 0;
        while (_points[i + 1].X < x)
            i++;
        var (a, b) = (_points[i], _points[i + 1]);
        var width = b.X - a.X;
        var t = (x - a.X) / width;
        var (t2, t3) = (t * t, t * t * t);
        return (((2 * t3) - (3 * t2) + 1) * a.Y) + ((t3 - (2 * t2) + t) * width * Slope(i))
            + (((3 * t2) - (2 * t3)) * b.Y) + ((t3 - t2) * width * Slope(i + 1));
    }

    private float Slope(int i)
    {
        var (before, after) = (_points[Math.Max(i - 1, 0)], _points[Math.Min(i + 1, _points.Length - 1)]);
        return (after.Y - before.Y) / (after.X - before.X);
    }
}
