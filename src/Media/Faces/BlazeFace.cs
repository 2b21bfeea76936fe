using System.Numerics;
using WanTalk.Media.Networks;

namespace WanTalk.Media.Faces;

/// <summary>
/// BlazeFace short-range (Bazarevsky et al., 2019) on a 128x128 patch. Anchors, decoding and thresholds as in MediaPipe's
/// face_detection_short_range graph: 16x16 cells with 2 anchors and 8x8 cells with 6, offsets in pixels of the patch.
/// </summary>
internal sealed class BlazeFace
{
    private const int Size = 128;
    private const int NumbersPerAnchor = 16;
    private static readonly Vector2[] Anchors = [.. Grid(16, 2), .. Grid(8, 6)];
    private readonly TfLiteNet _net = new("face_detection_short_range.tflite");

    /// <summary>Finds candidates in one patch of a picture.</summary>
    public IEnumerable<Face> Find(PicturePyramid picture, PatchPlace place, float threshold)
    {
        picture.Cut(place, Size, -1, 1, repeatEdge: false, _net.Input);
        _net.Run();
        var (scores, numbers) = (_net.Output(Anchors.Length), _net.Output(NumbersPerAnchor * Anchors.Length));
        for (var anchor = 0; anchor < Anchors.Length; anchor++)
        {
            var score = 1 / (1 + MathF.Exp(-Math.Clamp(scores[anchor], -100, 100)));
            if (score >= threshold)
                yield return Decode(numbers.AsSpan(anchor * NumbersPerAnchor, NumbersPerAnchor), Anchors[anchor], score, place);
        }
    }

    private static Face Decode(ReadOnlySpan<float> numbers, Vector2 anchor, float score, PatchPlace place)
    {
        var centre = place.ToPicture((new Vector2(numbers[0], numbers[1]) / Size) + anchor);
        var (width, height) = (numbers[2] / Size * place.Side, numbers[3] / Size * place.Side);
        var points = new Vector2[6];
        for (var i = 0; i < points.Length; i++)
            points[i] = place.ToPicture((new Vector2(numbers[4 + (2 * i)], numbers[5 + (2 * i)]) / Size) + anchor);
        return new Face(score, new FaceBox(centre.X - (width / 2), centre.Y - (height / 2), width, height), points);
    }

    private static IEnumerable<Vector2> Grid(int cells, int anchors)
    {
        for (var y = 0; y < cells; y++)
        {
            for (var x = 0; x < cells; x++)
            {
                for (var i = 0; i < anchors; i++)
                    yield return new Vector2(x + 0.5f, y + 0.5f) / cells;
            }
        }
    }
}
