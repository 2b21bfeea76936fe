using System.Numerics;

namespace WanTalk.Media.Faces;

/// <summary>An upright rectangle in pixels.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct FaceBox(float X, float Y, float Width, float Height)
{
    /// <summary>The middle.</summary>
    public Vector2 Centre => new(X + (Width / 2), Y + (Height / 2));

    /// <summary>Area in square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>Whether the middle of one box is in the other.</summary>
    public bool Touches(FaceBox other) => Holds(other.Centre) || other.Holds(Centre);

    /// <summary>How much two boxes share: intersection over union, 0..1.</summary>
    public float Overlap(FaceBox other)
    {
        var width = MathF.Min(X + Width, other.X + other.Width) - MathF.Max(X, other.X);
        var height = MathF.Min(Y + Height, other.Y + other.Height) - MathF.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
            return 0;
        var shared = width * height;
        return shared / (Area + other.Area - shared);
    }

    private bool Holds(Vector2 point) => point.X >= X && point.X <= X + Width && point.Y >= Y && point.Y <= Y + Height;
}
