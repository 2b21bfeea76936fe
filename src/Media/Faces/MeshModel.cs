using System.Numerics;
using WanTalk.Media.Networks;

namespace WanTalk.Media.Faces;

/// <summary>
/// MediaPipe's 468-point face mesh (Kartynnik et al., 2019) on a 192x192 patch that is turned so that the eyes are level and is
/// 1.5 times as large as the face, as in MediaPipe's face_landmark graph.
/// </summary>
internal sealed class MeshModel
{
    private const int Size = 192;
    private const float Margin = 1.5f;
    private readonly TfLiteNet _net = new("face_landmark.tflite");

    /// <summary>The patch around a detected face.</summary>
    public static PatchPlace Around(Face face) =>
        new(face.Box.Centre, Margin * MathF.Max(face.Box.Width, face.Box.Height), Level(face.KeyPoints[0], face.KeyPoints[1]));

    /// <summary>The patch around a mesh, as MediaPipe follows a face from picture to picture.</summary>
    public static PatchPlace Around(FaceMesh mesh)
    {
        var across = Level(mesh.Points[33], mesh.Points[263]);
        var down = new Vector2(-across.Y, across.X);
        var (low, high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var point in mesh.Points)
        {
            var turned = new Vector2(Vector2.Dot(point, across), Vector2.Dot(point, down));
            low = Vector2.Min(low, turned);
            high = Vector2.Max(high, turned);
        }

        var middle = (low + high) / 2;
        var side = Margin * MathF.Max(high.X - low.X, high.Y - low.Y);
        return new PatchPlace((across * middle.X) + (down * middle.Y), side, across);
    }

    /// <summary>Fits the mesh to what is in the patch.</summary>
    public FaceMesh Fit(PicturePyramid picture, PatchPlace place)
    {
        picture.Cut(place, Size, 0, 1, repeatEdge: true, _net.Input);
        _net.Run();
        var confidence = 1 / (1 + MathF.Exp(-_net.Output(1)[0]));
        var numbers = _net.Output(3 * FaceMesh.Count);
        var points = new Vector2[FaceMesh.Count];
        for (var i = 0; i < points.Length; i++)
            points[i] = place.ToPicture(new Vector2(numbers[3 * i], numbers[(3 * i) + 1]) / Size);
        return new FaceMesh(points, confidence);
    }

    private static Vector2 Level(Vector2 left, Vector2 right)
    {
        var between = right - left;
        return between.LengthSquared() > 0 ? Vector2.Normalize(between) : Vector2.UnitX;
    }
}
