using System.Numerics;

namespace WanTalk.Understudy.Picture;

/// <summary>A frame of reference on the face: an origin and two perpendicular unit vectors, along the mouth or an eye and down to the chin.</summary>
internal readonly record struct FaceAxes(Vector2 Origin, Vector2 Across)
{
    /// <summary>Unit vector towards the chin.</summary>
    public Vector2 Down => new(-Across.Y, Across.X);

    /// <summary>The axes through two points, with the origin between them.</summary>
    public static FaceAxes Through(Vector2 left, Vector2 right) => new((left + right) / 2, Vector2.Normalize(right - left));

    /// <summary>From the picture's pixels into these axes.</summary>
    public Vector2 Enter(Vector2 point)
    {
        var offset = point - Origin;
        return new Vector2(Vector2.Dot(offset, Across), Vector2.Dot(offset, Down));
    }

    /// <summary>From these axes back to the picture's pixels.</summary>
    public Vector2 Leave(Vector2 point) => Origin + (Across * point.X) + (Down * point.Y);
}
