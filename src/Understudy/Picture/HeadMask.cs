using System.Numerics;
using WanTalk.Media.Faces;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// Which pixels belong to the head and how much of its motion they take: 1 on the face, fading over hair and neck to exactly 0.
/// An ellipse that is sized by the distance of the eyes, a little under the eyes, turned as the face is.
/// </summary>
internal sealed class HeadMask
{
    /// <summary>Half-axes in eye distances.</summary>
    private const float Across = 2.2f;
    private const float Up = 2.75f;
    private const float Down = 3.1f;

    /// <summary>Up to this share of the ellipse the head moves as one.</summary>
    private const float Firm = 0.6f;

    public HeadMask(int width, int height, FaceMesh mesh)
    {
        var axes = FaceAxes.Through(mesh.LeftEye, mesh.RightEye);
        var unit = mesh.EyeDistance;
        var reach = MathF.Max(Down, Across) * unit;
        Left = Math.Clamp((int)MathF.Floor(axes.Origin.X - reach), 0, width - 1);
        Top = Math.Clamp((int)MathF.Floor(axes.Origin.Y - reach), 0, height - 1);
        Width = Math.Clamp((int)MathF.Ceiling(axes.Origin.X + reach), Left + 1, width) - Left;
        Height = Math.Clamp((int)MathF.Ceiling(axes.Origin.Y + reach), Top + 1, height) - Top;
        Weights = new float[Width * Height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var at = axes.Enter(new Vector2(Left + x + 0.5f, Top + y + 0.5f)) / unit;
                var distance = new Vector2(at.X / Across, at.Y / (at.Y < 0 ? Up : Down)).Length();
                Weights[(y * Width) + x] = 1 - Smooth.Step(Firm, 1, distance);
            }
        }
    }

    /// <summary>First column of the rectangle that holds the head.</summary>
    public int Left { get; }

    /// <summary>First row of the rectangle that holds the head.</summary>
    public int Top { get; }

    /// <summary>Columns of the rectangle.</summary>
    public int Width { get; }

    /// <summary>Rows of the rectangle.</summary>
    public int Height { get; }

    /// <summary>The weight of each pixel of the rectangle, row by row.</summary>
    public float[] Weights { get; }
}
