using System.Numerics;
using WanTalk.Media.Faces;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// The colours of what is between the lips, in the light of the portrait. Teeth that show are measured; where none do, the whites of the
/// eyes tell what something white looks like there. All else is a fixed colour under that light.
/// </summary>
internal sealed record MouthColours(Vector3 Teeth, Vector3 Hollow, Vector3 Deep, Vector3 Tongue)
{
    /// <summary>Points of the mesh on cheeks and chin.</summary>
    private static readonly int[] SkinPoints = [50, 280, 205, 425, 199];

    /// <summary>Teeth in even, white light.</summary>
    private static readonly Vector3 PlainTeeth = new(236, 228, 212);

    /// <summary>Lips farther apart than this share of the eye distance may show teeth.</summary>
    private const float Parted = 0.05f;

    /// <summary>Measures a portrait.</summary>
    public static MouthColours Of(RgbImage portrait, FaceMesh mesh)
    {
        var skin = Average([.. SkinPoints.Select(point => At(portrait, mesh.Points[point]))]);
        var inside = Brightest(portrait, mesh, MeshContours.UpperLipInner, MeshContours.LowerLipInner);
        var gap = Vector2.Distance(mesh.Points[13], mesh.Points[14]) / mesh.EyeDistance;
        var isTeeth = gap > Parted && Light(inside) > 0.85f * Light(skin) && Saturation(inside) < Saturation(skin);
        var white = isTeeth
            ? inside
            : 1.15f / 2 * (Brightest(portrait, mesh, MeshContours.LeftEyeUpper, MeshContours.LeftEyeLower)
                + Brightest(portrait, mesh, MeshContours.RightEyeUpper, MeshContours.RightEyeLower));
        var teeth = white * (Math.Clamp(Light(white), (isTeeth ? 1 : 1.1f) * Light(skin), 1.35f * Light(skin)) / MathF.Max(Light(white), 1));
        var light = Vector3.Clamp(teeth / PlainTeeth, new Vector3(0.2f), new Vector3(1.1f));
        return new MouthColours(
            PlainTeeth * light, new Vector3(74, 26, 24) * light, new Vector3(24, 8, 9) * light, new Vector3(168, 82, 78) * light);
    }

    /// <summary>The mean of the bright places between two lines, without the very brightest, which may be glints.</summary>
    private static Vector3 Brightest(RgbImage portrait, FaceMesh mesh, ReadOnlySpan<int> upper, ReadOnlySpan<int> lower)
    {
        var colours = new List<Vector3>();
        for (var i = 1; i < upper.Length - 1; i++)
        {
            for (var part = 0.1f; part < 0.95f; part += 0.1f)
                colours.Add(At(portrait, Vector2.Lerp(mesh.Points[upper[i]], mesh.Points[lower[i]], part)));
        }

        var ordered = colours.OrderByDescending(Light).ToList();
        return Average(ordered[(ordered.Count / 30)..(ordered.Count / 6)]);
    }

    private static Vector3 Average(List<Vector3> colours) => colours.Aggregate(Vector3.Zero, (sum, colour) => sum + colour) / colours.Count;

    private static float Light(Vector3 colour) => Vector3.Dot(colour, new Vector3(0.3f, 0.59f, 0.11f));

    private static float Saturation(Vector3 colour)
    {
        var (low, high) = (MathF.Min(colour.X, MathF.Min(colour.Y, colour.Z)), MathF.Max(colour.X, MathF.Max(colour.Y, colour.Z)));
        return high > 0 ? (high - low) / high : 0;
    }

    private static Vector3 At(RgbImage portrait, Vector2 place)
    {
        var x = Math.Clamp((int)place.X, 0, portrait.Width - 1);
        var y = Math.Clamp((int)place.Y, 0, portrait.Height - 1);
        var at = 3 * ((y * portrait.Width) + x);
        return new Vector3(portrait.Pixels[at], portrait.Pixels[at + 1], portrait.Pixels[at + 2]);
    }
}
