using System.Runtime.Intrinsics;
using WanTalk.Media.Faces;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// Paints what is seen between the lips: a dark hollow, the upper teeth (which stay with the head), a hint of the lower ones and the
/// tongue (which go with the jaw), all shaded by the lips and by the light on the face.
/// </summary>
internal sealed class MouthInside
{
    private readonly MouthColumns _face;
    private readonly Vector128<float> _hollow;
    private readonly Vector128<float> _deep;
    private readonly Vector128<float> _teeth;
    private readonly Vector128<float> _tongue;

    public MouthInside(MouthColumns face, FaceMesh mesh, RgbImage portrait)
    {
        _face = face;
        var colours = MouthColours.Of(portrait, mesh);
        _hollow = colours.Hollow.AsVector128();
        _deep = colours.Deep.AsVector128();
        _teeth = colours.Teeth.AsVector128();
        _tongue = colours.Tongue.AsVector128();
    }

    /// <summary>The colour at a place between the lips.</summary>
    public Vector128<float> Colour(WarpedPlace place, float y)
    {
        var unit = _face.Unit;
        var gap = place.Lower - place.Upper;
        var side = place.X / _face.HalfWidth;
        var seam = _face.Seam(place.X);
        var depth = Math.Clamp((y - place.Upper) / MathF.Max(gap, 0.01f), 0, 1);
        var colour = Mix(_deep, _hollow, (0.25f + (0.75f * depth * depth)) * (1 - MathF.Min(side * side, 1)));

        var tongueTop = place.Lower - (0.16f * unit * Smooth.Bump(side, 0.75f) * Smooth.Step(0.08f, 0.3f, gap / unit));
        colour = Mix(colour, _tongue, 0.6f * Soft(y - tongueTop, 0.05f * unit));

        var lowerEdge = place.Lower - (0.03f * unit * Smooth.Bump(side, 0.8f));
        colour = Mix(colour, _teeth * 0.5f, 0.35f * Smooth.Bump(side, 0.8f) * Soft(y - lowerEdge, 0.02f * unit));

        var upperEdge = seam + (unit * (0.045f - (0.06f * side * side)));
        // Teeth are about a twelfth of the distance of the eyes wide, the middle line between the first two.
        var between = MathF.Abs((place.X / (0.085f * unit)) - MathF.Round(place.X / (0.085f * unit)));
        var shade = (1 - (0.08f * Smooth.Bump(between, 0.2f))) * (0.6f + (0.4f * Smooth.Step(-0.02f * unit, 0.04f * unit, y - place.Upper))) * (1 - (0.55f * MathF.Min(side * side, 1)));
        return Mix(colour, _teeth * shade, Smooth.Bump(side, 1) * Soft(upperEdge - y, MathF.Max(0.012f * unit, 0.5f)));
    }

    /// <summary>How much light falls on a lip near its inner edge, 0..1: the line between closed lips, the shadow at the edge of open ones.</summary>
    public float LipShade(WarpedPlace place, float y)
    {
        var width = MathF.Max(0.022f * _face.Unit, 0.8f);
        var near = Smooth.Bump(MathF.Max(place.Upper - y, y - place.Lower), width);
        var side = MathF.Abs(place.X) / _face.HalfWidth;
        var depth = 0.5f - (0.3f * Smooth.Step(0, 0.12f * _face.Unit, place.Lower - place.Upper));
        return 1 - (near * (1 - Smooth.Step(0.8f, 1.1f, side)) * depth);
    }

    private static float Soft(float distance, float width) => Smooth.Step(-width, width, distance);

    private static Vector128<float> Mix(Vector128<float> a, Vector128<float> b, float part) => a + ((b - a) * part);
}
