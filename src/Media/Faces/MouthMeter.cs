using System.Numerics;
using WanTalk.Media.Pictures;

namespace WanTalk.Media.Faces;

/// <summary>
/// Measures in a picture how far a mouth is open: the distance between the inner edges of the lips over the middle third of the mouth,
/// as the face mesh sees them, against the distance of the eyes.
/// </summary>
public sealed class MouthMeter
{
    /// <summary>The gap, in eye distances, that counts as 1.</summary>
    private const float WideOpen = 0.4f;
    private static readonly (int Upper, int Lower)[] Pairs = [(82, 87), (13, 14), (312, 317)];
    private readonly FaceFinder _finder = new();

    /// <summary>Finds the largest face and measures its mouth.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="cancellationToken">Looked at while the face is searched for.</param>
    /// <returns>0 for closed lips, 1 for a mouth that is wide open; null when no face is seen.</returns>
    public float? Measure(RgbImage frame, CancellationToken cancellationToken)
    {
        foreach (var face in _finder.Find(frame, cancellationToken))
        {
            if (_finder.Mesh(frame, face) is { } mesh)
                return Opening(mesh);
        }

        return null;
    }

    /// <summary>The opening of a mesh's mouth, 0..1.</summary>
    public static float Opening(FaceMesh mesh)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        var across = Vector2.Normalize(mesh.RightEye - mesh.LeftEye);
        var down = new Vector2(-across.Y, across.X);
        var gap = Pairs.Average(pair => Vector2.Dot(mesh.Points[pair.Lower] - mesh.Points[pair.Upper], down));
        return Math.Clamp(gap / mesh.EyeDistance / WideOpen, 0, 1);
    }
}
