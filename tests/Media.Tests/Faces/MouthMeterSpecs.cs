using SkiaSharp;
using WanTalk.Media.Faces;

namespace WanTalk.Media.Tests.Faces;

public sealed class MouthMeterSpecs
{
    private readonly MouthMeter _meter = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    public void A_smile_with_teeth_is_a_mouth_a_little_open_at_every_size(int side) =>
        Assert.InRange(_meter.Measure(SamplePortrait.Scaled(side), Token)!.Value, 0.25f, 0.55f);

    [Fact]
    public void A_tilted_face_measures_as_an_upright_one() =>
        Assert.Equal(_meter.Measure(SamplePortrait.Load(), Token)!.Value, _meter.Measure(SamplePortrait.Rotated(10), Token)!.Value, 0.06);

    [Fact]
    public void A_picture_without_a_face_has_no_measure() =>
        Assert.Null(_meter.Measure(SamplePortrait.Place(512, 512, SKMatrix.CreateTranslation(0, -230)), Token));

    [Fact]
    public void Opening_goes_with_the_distance_of_the_lips_and_not_with_the_size_of_the_face()
    {
        var points = new System.Numerics.Vector2[FaceMesh.Count];
        (points[33], points[133], points[362], points[263]) = (new(80, 100), new(100, 100), new(180, 100), new(200, 100));
        foreach (var lower in (int[])[87, 14, 317])
            points[lower] = new(140, 220);
        foreach (var upper in (int[])[82, 13, 312])
            points[upper] = new(140, 200);
        var mesh = new FaceMesh(points, 1);
        var twice = new FaceMesh([.. points.Select(p => 2 * p)], 1);

        Assert.Equal(0.5f, MouthMeter.Opening(mesh), 1e-4f);
        Assert.Equal(0.5f, MouthMeter.Opening(twice), 1e-4f);
    }
}
