using System.Numerics;
using SkiaSharp;
using WanTalk.Media.Faces;
using WanTalk.Media.Pictures;

namespace WanTalk.Media.Tests.Faces;

public sealed class FaceFinderSpecs
{
    /// <summary>Where the eyes and the corners of the mouth are in the 512x512 sample, read off the picture by hand.</summary>
    private static readonly Vector2 LeftEye = new(203, 100);
    private static readonly Vector2 RightEye = new(246, 103);
    private static readonly Vector2 Mouth = new(223, 143);
    private readonly FaceFinder _finder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_one_face_of_the_sample_is_found_where_it_is()
    {
        var face = Assert.Single(_finder.Find(SamplePortrait.Load(), Token));

        Assert.InRange(face.Score, 0.5f, 1f);
        Assert.InRange(face.Box.Width, 70, 130);
        Near(LeftEye, face.KeyPoints[0], 6);
        Near(RightEye, face.KeyPoints[1], 6);
        Near(Mouth, face.KeyPoints[3], 8);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(0)]
    [InlineData(10)]
    public void The_mesh_sits_on_eyes_and_mouth_of_a_tilted_face(float degrees)
    {
        var turn = Matrix3x2.CreateRotation(degrees * MathF.PI / 180, new Vector2(SamplePortrait.FaceX, SamplePortrait.FaceY));
        MeshFits(SamplePortrait.Rotated(degrees), turn, 1);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(640)]
    [InlineData(1024)]
    [InlineData(1536)]
    public void The_mesh_fits_at_every_size(int side) =>
        MeshFits(SamplePortrait.Scaled(side), Matrix3x2.CreateScale(side / 512f), side / 512f);

    [Fact]
    public void The_mesh_of_a_mirrored_face_is_numbered_from_the_left_of_the_picture()
    {
        var mesh = Mesh(SamplePortrait.Mirrored());

        Near(new Vector2(512 - RightEye.X, RightEye.Y), mesh.LeftEye, 4);
        Near(new Vector2(512 - LeftEye.X, LeftEye.Y), mesh.RightEye, 4);
    }

    [Theory]
    [InlineData(0.25f)]
    [InlineData(0.5f)]
    public void A_small_face_in_a_large_picture_is_found(float scale)
    {
        var picture = SamplePortrait.Place(640, 640, SKMatrix.CreateScale(scale, scale).PostConcat(SKMatrix.CreateTranslation(400, 300)));

        var face = Assert.Single(_finder.Find(picture, Token));

        Near((LeftEye * scale) + new Vector2(400, 300), face.KeyPoints[0], 12 * scale);
    }

    [Fact]
    public void A_face_that_fills_the_picture_and_more_is_found()
    {
        var picture = SamplePortrait.Place(512, 512, SKMatrix.CreateTranslation(-175, -75).PostConcat(SKMatrix.CreateScale(5, 5)));

        var face = Assert.Single(_finder.Find(picture, Token));

        Near((LeftEye - new Vector2(175, 75)) * 5, face.KeyPoints[0], 40);
    }

    [Fact]
    public void Two_faces_come_with_the_larger_one_first()
    {
        var picture = FaceAt(640, 320, new Vector2(160, 160), 1.3f);
        var other = FaceAt(640, 320, new Vector2(480, 160), 1.8f);
        for (var y = 0; y < 320; y++)
            other.Pixels.AsSpan(3 * ((y * 640) + 320), 3 * 320).CopyTo(picture.Pixels.AsSpan(3 * ((y * 640) + 320)));

        var faces = _finder.Find(picture, Token);

        Assert.Equal(2, faces.Count);
        Assert.True(faces[0].Box.Centre.X > 320 && faces[1].Box.Centre.X < 320);
    }

    [Theory]
    [InlineData("noise", 128)]
    [InlineData("noise", 640)]
    [InlineData("flat", 512)]
    [InlineData("landscape", 640)]
    [InlineData("blobs", 512)]
    [InlineData("body", 512)]
    public void A_picture_without_a_face_has_none(string what, int side) => Assert.Empty(_finder.Find(Faceless(what, side), Token));

    [Fact]
    public void The_same_picture_gives_the_same_mesh_from_every_finder()
    {
        var other = new FaceFinder();
        var picture = SamplePortrait.Load();

        Assert.Equal(Mesh(picture).Points, other.Mesh(picture, other.Find(picture, Token)[0])!.Points);
    }

    [Fact]
    public void A_cancelled_search_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => _finder.Find(SamplePortrait.Load(), source.Token));
    }

    private static RgbImage FaceAt(int width, int height, Vector2 middle, float scale) => SamplePortrait.Place(
        width,
        height,
        SKMatrix.CreateTranslation(-SamplePortrait.FaceX, -SamplePortrait.FaceY)
            .PostConcat(SKMatrix.CreateScale(scale, scale))
            .PostConcat(SKMatrix.CreateTranslation(middle.X, middle.Y)));

    private static RgbImage Faceless(string what, int side)
    {
        if (what == "body")
            return SamplePortrait.Place(side, side, SKMatrix.CreateTranslation(0, -230));
        var random = new Random(side);
        var pixels = new byte[3 * side * side];
        var phases = Enumerable.Range(0, 12).Select(_ => random.NextDouble() * 7).ToArray();
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var (u, v) = ((double)x / side, (double)y / side);
                for (var c = 0; c < 3; c++)
                {
                    pixels[(3 * ((y * side) + x)) + c] = (byte)(what switch
                    {
                        "noise" => random.Next(256),
                        "flat" => 128,
                        "landscape" => v < 0.55 + (0.1 * Math.Sin(9 * u)) ? 120 + (100 * v) + (30 * c) : 90 - (60 * (v - 0.5)) + (c == 1 ? 60 : 0),
                        _ => 128 + (60 * Math.Sin((9 * u) + phases[c])) + (60 * Math.Sin((11 * v) + phases[c + 3])),
                    });
                }
            }
        }

        return new RgbImage(side, side, pixels);
    }

    private static void Near(Vector2 expected, Vector2 actual, float within) =>
        Assert.True(Vector2.Distance(expected, actual) <= within, $"{actual} is not within {within} of {expected}.");

    private FaceMesh Mesh(RgbImage picture)
    {
        var mesh = _finder.Mesh(picture, Assert.Single(_finder.Find(picture, Token)));
        Assert.NotNull(mesh);
        Assert.Equal(FaceMesh.Count, mesh.Points.Count);
        return mesh;
    }

    private void MeshFits(RgbImage picture, Matrix3x2 moved, float scale)
    {
        var mesh = Mesh(picture);
        Assert.InRange(mesh.Confidence, 0.9f, 1f);
        Near(Vector2.Transform(LeftEye, moved), mesh.LeftEye, 4 * scale);
        Near(Vector2.Transform(RightEye, moved), mesh.RightEye, 4 * scale);
        Near(Vector2.Transform(Mouth, moved), (mesh.Points[61] + mesh.Points[291]) / 2, 5 * scale);
    }
}
