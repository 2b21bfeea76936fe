using System.Numerics;
using WanTalk.Media.Faces;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// The lower face of the portrait as columns along the mouth: how far down, at each place across, the nose ends, each lip's edges lie,
/// the chin is, and the neck is no longer touched. Pixels, in <see cref="Axes"/>.
/// </summary>
internal sealed class MouthColumns
{
    /// <summary>How far the columns reach to each side, in eye distances: to the ears.</summary>
    private const float ReachInEyes = 1.25f;

    /// <summary>How far above the mouth its corners still draw the skin sideways, in eye distances.</summary>
    public const float SidewaysUp = 0.5f;

    /// <summary>How far below the mouth its corners still draw the skin sideways, in eye distances.</summary>
    public const float SidewaysDown = 0.9f;

    public MouthColumns(FaceMesh mesh)
    {
        Axes = FaceAxes.Through(mesh.Points[61], mesh.Points[291]);
        Unit = mesh.EyeDistance;
        Reach = ReachInEyes * Unit;
        Step = MathF.Max(Unit / 96, 0.25f);
        Count = (int)MathF.Ceiling(2 * Reach / Step) + 2;
        var upperOuter = Line(mesh, MeshContours.UpperLipOuter);
        var lowerOuter = Line(mesh, MeshContours.LowerLipOuter);
        var upperInner = Line(mesh, [61, .. MeshContours.UpperLipInner, 291]);
        var lowerInner = Line(mesh, [61, .. MeshContours.LowerLipInner, 291]);
        var jaw = Line(mesh, MeshContours.Jaw);
        var nose = Axes.Enter(mesh.Points[2]).Y;
        (LeftCorner, RightCorner) = (Axes.Enter(mesh.Points[61]).X, Axes.Enter(mesh.Points[291]).X);
        LeftInner = Axes.Enter(mesh.Points[78]).X;
        RightInner = Axes.Enter(mesh.Points[308]).X;
        HalfWidth = (RightCorner - LeftCorner) / 2;
        for (var i = 0; i < 7; i++)
            _lines[i] = new float[Count];
        for (var i = 0; i < Count; i++)
        {
            var x = ColumnX(i);
            var (top, bottom) = (upperInner.At(x), lowerInner.At(x));
            var seam = (top + bottom) / 2;
            // The mesh's edge may lie a pixel inside the mouth: cut a little into the lips, so that no teeth are left on them.
            var cut = x > LeftCorner && x < RightCorner ? (0.01f * Unit) + 0.25f : 0;
            UpperInner[i] = MathF.Min(top, seam) - cut;
            LowerInner[i] = MathF.Max(bottom, seam) + cut;
            UpperOuter[i] = MathF.Min(upperOuter.At(x), UpperInner[i]);
            LowerOuter[i] = MathF.Max(lowerOuter.At(x), LowerInner[i]);
            var side = x / HalfWidth;
            Nose[i] = MathF.Min(nose - (0.12f * Unit * MathF.Min(side * side, 2)), UpperOuter[i] - (0.12f * Unit));
            Chin[i] = MathF.Max(jaw.At(x), LowerOuter[i] + (0.1f * Unit));
            Neck[i] = Chin[i] + (0.75f * Unit);
        }

        Top = MathF.Min(Nose.Min(), -SidewaysUp * Unit);
        Bottom = MathF.Max(Neck.Max(), SidewaysDown * Unit);
    }

    private readonly float[][] _lines = new float[7][];

    /// <summary>Origin between the corners of the mouth, along them.</summary>
    public FaceAxes Axes { get; }

    /// <summary>The distance of the eyes.</summary>
    public float Unit { get; }

    /// <summary>How far the columns reach to each side.</summary>
    public float Reach { get; }

    /// <summary>How far down the first touched pixel lies; negative.</summary>
    public float Top { get; }

    /// <summary>How far down the last touched pixel lies.</summary>
    public float Bottom { get; }

    /// <summary>Between two columns.</summary>
    public float Step { get; }

    /// <summary>How many columns there are.</summary>
    public int Count { get; }

    /// <summary>Half the mouth's width.</summary>
    public float HalfWidth { get; }

    /// <summary>The corner at the left, where the outer edges meet.</summary>
    public float LeftCorner { get; }

    /// <summary>The corner at the right.</summary>
    public float RightCorner { get; }

    /// <summary>Where the inner edges meet at the left.</summary>
    public float LeftInner { get; }

    /// <summary>Where the inner edges meet at the right.</summary>
    public float RightInner { get; }

    /// <summary>The end of the nose: not touched.</summary>
    public float[] Nose => _lines[0];

    /// <summary>The outer edge of the upper lip.</summary>
    public float[] UpperOuter => _lines[1];

    /// <summary>The inner edge of the upper lip.</summary>
    public float[] UpperInner => _lines[2];

    /// <summary>The inner edge of the lower lip.</summary>
    public float[] LowerInner => _lines[3];

    /// <summary>The outer edge of the lower lip.</summary>
    public float[] LowerOuter => _lines[4];

    /// <summary>The edge of the chin.</summary>
    public float[] Chin => _lines[5];

    /// <summary>From here on the neck is not touched.</summary>
    public float[] Neck => _lines[6];

    /// <summary>The place across of a column.</summary>
    public float ColumnX(int column) => (column * Step) - Reach;

    /// <summary>The columns next to a place across.</summary>
    public ColumnPlace Locate(float x)
    {
        var exact = Math.Clamp((x + Reach) / Step, 0, Count - 1.001f);
        return new ColumnPlace((int)exact, exact - (int)exact);
    }

    /// <summary>Where closed lips meet: half way between their inner edges.</summary>
    public float Seam(float x)
    {
        var at = Locate(x);
        return (at.In(UpperInner) + at.In(LowerInner)) / 2;
    }

    private Contour Line(FaceMesh mesh, ReadOnlySpan<int> points)
    {
        var line = new List<Vector2>(points.Length);
        foreach (var point in points)
            line.Add(Axes.Enter(mesh.Points[point]));
        return new Contour(line);
    }
}
