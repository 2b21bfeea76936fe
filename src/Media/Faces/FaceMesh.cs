using System.Numerics;

namespace WanTalk.Media.Faces;

/// <summary>
/// The 468 points of MediaPipe's face mesh on one face. The numbering is that of MediaPipe's canonical face model;
/// <see cref="MeshContours"/> names the parts that are used here.
/// </summary>
/// <param name="Points">468 points in pixels of the picture; the centre of the top left pixel is (0.5, 0.5).</param>
/// <param name="Confidence">How sure the model is that there is a face, 0..1.</param>
public sealed record FaceMesh(IReadOnlyList<Vector2> Points, float Confidence)
{
    /// <summary>How many points a mesh has.</summary>
    public const int Count = 468;

    /// <summary>The middle of the eye at the left of the picture.</summary>
    public Vector2 LeftEye => (Points[33] + Points[133]) / 2;

    /// <summary>The middle of the eye at the right of the picture.</summary>
    public Vector2 RightEye => (Points[362] + Points[263]) / 2;

    /// <summary>Pixels between the middles of the eyes.</summary>
    public float EyeDistance => Vector2.Distance(LeftEye, RightEye);
}
