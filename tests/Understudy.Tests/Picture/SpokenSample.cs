using System.Collections.Concurrent;
using WanTalk.Media.Faces;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Picture;
using WanTalk.Understudy.Tests.Speech;

namespace WanTalk.Understudy.Tests.Picture;

/// <summary>The sample portrait speaking the sample speech, rendered once for each portrait and measured frame by frame.</summary>
public sealed class SpokenSample
{
    public const long Seed = 7;
    private readonly ConcurrentDictionary<string, Lazy<Task<Measures>>> _all = new();

    /// <summary>What was measured on each frame.</summary>
    /// <param name="Envelope">The speech's level.</param>
    /// <param name="Opening">The mouth's opening by <see cref="MouthMeter"/>.</param>
    /// <param name="Dark">How much of the mouth's surroundings is dark, in squares of the eye distance.</param>
    /// <param name="Eyes">How bright the eyes' darkest patches are against the portrait's: lids are brighter than irises.</param>
    /// <param name="ChangedOutside">Bytes that differ from the portrait where the head's mask is 0.</param>
    /// <param name="ChangedInside">Bytes that differ where it is not.</param>
    public sealed record Measures(
        double[] Envelope, double[] Opening, double[] Dark, double[] Eyes, int[] ChangedOutside, int[] ChangedInside);

    public Task<Measures> Measure(string portrait, int side, CancellationToken cancellationToken) =>
        _all.GetOrAdd($"{portrait} {side}", _ => new(() => Run(Portrait(portrait, side), cancellationToken))).Value;

    public static RgbImage Portrait(string portrait, int side) =>
        portrait == "close-up" ? SamplePortrait.CloseUp(side) : SamplePortrait.Scaled(side);

    private static async Task<Measures> Run(RgbImage portrait, CancellationToken cancellationToken)
    {
        var speech = await SampleSpeech.Load(cancellationToken);
        var features = speech.Features();
        using var head = TalkingHead.Create(portrait);
        var finder = new FaceFinder();
        var mesh = Mesh(finder, portrait, cancellationToken);
        var state = head.Start(Seed);
        var frame = new RgbImage(portrait.Width, portrait.Height, new byte[portrait.Pixels.Length]);
        var count = features.Length;
        var measures = new Measures(
            speech.Envelope(), new double[count], new double[count], new double[count], new int[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            head.Render(features[i], state, frame.Pixels);
            var now = Mesh(finder, frame, cancellationToken);
            measures.Opening[i] = MouthMeter.Opening(now);
            measures.Dark[i] = Darkness(frame, now);
            measures.Eyes[i] = EyeLight(frame, now) / EyeLight(portrait, mesh);
            (measures.ChangedInside[i], measures.ChangedOutside[i]) = Changes(portrait, frame, head.HeadMask.Span);
        }

        return measures;
    }

    private static FaceMesh Mesh(FaceFinder finder, RgbImage picture, CancellationToken cancellationToken)
    {
        var mesh = finder.Mesh(picture, Assert.Single(finder.Find(picture, cancellationToken)));
        Assert.NotNull(mesh);
        return mesh;
    }

    private static (int Inside, int Outside) Changes(RgbImage portrait, RgbImage frame, ReadOnlySpan<byte> mask)
    {
        var (inside, outside) = (0, 0);
        for (var i = 0; i < frame.Pixels.Length; i++)
        {
            if (frame.Pixels[i] == portrait.Pixels[i])
                continue;
            if (mask[i / 3] == 0)
                outside++;
            else
                inside++;
        }

        return (inside, outside);
    }

    private static double Darkness(RgbImage frame, FaceMesh mesh)
    {
        var middle = (mesh.Points[61] + mesh.Points[291]) / 2;
        var reach = 0.45f * mesh.EyeDistance;
        return Luminances(frame, (int)(middle.X - reach), (int)(middle.Y - (0.2f * mesh.EyeDistance)), (int)(2 * reach), (int)(1.5f * reach))
            .Count(light => light < 75) / (mesh.EyeDistance * mesh.EyeDistance);
    }

    /// <summary>How bright the darkest patch of the size of an iris is, near the middle of each eye: an iris, or skin when the lids are down.</summary>
    private static double EyeLight(RgbImage frame, FaceMesh mesh)
    {
        var side = Math.Max((int)(0.14f * mesh.EyeDistance), 3);
        var reach = (int)MathF.Ceiling(0.1f * mesh.EyeDistance);
        return new[] { mesh.LeftEye, mesh.RightEye }.Average(eye =>
            Enumerable.Range(-reach, (2 * reach) + 1).SelectMany(dx => Enumerable.Range(-reach / 2, reach + 1).Select(dy =>
                Luminances(frame, (int)(eye.X - (side / 2f)) + dx, (int)(eye.Y - (side / 2f)) + dy, side, side).Average())).Min());
    }

    private static IEnumerable<double> Luminances(RgbImage frame, int left, int top, int width, int height)
    {
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
            {
                var at = 3 * ((y * frame.Width) + x);
                yield return (0.3 * frame.Pixels[at]) + (0.59 * frame.Pixels[at + 1]) + (0.11 * frame.Pixels[at + 2]);
            }
        }
    }
}
