using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Media.Faces;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Picture;
using WanTalk.Understudy.Speech;

namespace WanTalk.Understudy.Tests.Picture;

public sealed class TalkingHeadSpecs
{
    private static readonly Gen<float[]> Features = Gen.Float[0, 1].Array[SpeechFeatures.Dimensions];

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        using var one = TalkingHead.Create(SamplePortrait.Scaled(256));
        using var other = TalkingHead.Create(SamplePortrait.Scaled(256));

        Assert.Equal(Video(one, one.Start(5), 60), Video(other, other.Start(5), 60));
    }

    [Fact]
    public void Another_seed_gives_other_bytes()
    {
        using var head = TalkingHead.Create(SamplePortrait.Scaled(256));

        Assert.NotEqual(Video(head, head.Start(5), 60), Video(head, head.Start(6), 60));
    }

    [Fact]
    public void A_run_that_is_cut_anywhere_and_continued_from_a_copied_state_is_byte_equal()
    {
        var portrait = SamplePortrait.Scaled(128);
        using var head = TalkingHead.Create(portrait);
        using var later = TalkingHead.Create(portrait);

        Gen.Select(Gen.Long[0, (1L << 53) - 1], Features.Array[2, 130], Gen.Double[0, 1]).Sample(
            (seed, talk, where) =>
            {
                var cut = (int)(where * talk.Length);
                var whole = head.Start(seed);
                var frames = talk.Select(features => Frame(head, features, whole)).ToArray();
                var state = head.Start(seed);
                foreach (var features in talk.Take(cut))
                    Frame(head, features, state);
                var stored = new MotionState([.. state.Generator], [.. state.Values]);
                Frame(head, talk[0], state);
                return talk.Skip(cut).Select(features => Frame(later, features, stored)).Zip(frames.Skip(cut))
                    .All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
            },
            iter: 12,
            threads: 1);
    }

    [Fact]
    public void A_copied_state_does_not_change_with_the_first()
    {
        using var head = TalkingHead.Create(SamplePortrait.Scaled(128));
        var state = head.Start(1);
        var copy = state.Copy();

        Frame(head, [1, 0, 0, 0], state);

        Assert.Equal(head.Start(1).Values, copy.Values);
        Assert.Equal(head.Start(1).Generator, copy.Generator);
        Assert.NotEqual(copy.Values, state.Values);
    }

    [Fact]
    public void The_head_stays_near_its_place_for_a_long_time()
    {
        // Two minutes. The nose tip is followed by its pixels: none may come from farther away than the limits allow.
        var portrait = SamplePortrait.Scaled(128);
        using var head = TalkingHead.Create(portrait);
        var finder = new FaceFinder();
        var nose = finder.Mesh(portrait, finder.Find(portrait, TestContext.Current.CancellationToken)[0])!.Points[1];
        var state = head.Start(9);
        var (first, farthest) = (nose, 0f);
        for (var i = 0; i < 3000; i++)
        {
            var frame = Frame(head, [0.5f, 0, 0, 0], state);
            if (i % 100 != 0)
                continue;
            var picture = new RgbImage(128, 128, frame);
            var now = finder.Mesh(picture, finder.Find(picture, TestContext.Current.CancellationToken)[0])!.Points[1];
            farthest = MathF.Max(farthest, System.Numerics.Vector2.Distance(first, now));
        }

        Assert.InRange(farthest, 0.05f, 2.5f);
    }

    [Fact]
    public void A_head_at_rest_is_as_sharp_as_the_portrait()
    {
        var portrait = SamplePortrait.Scaled(512);
        using var head = TalkingHead.Create(portrait);
        var state = head.Start(3);
        var worst = 1.0;
        for (var i = 0; i < 50; i++)
        {
            var frame = Frame(head, [0, 0, 0, 0], state);
            if (i % 10 == 9)
                worst = Math.Min(worst, Sharpness(frame) / Sharpness(portrait.Pixels));
        }

        Assert.InRange(worst, 0.8, 1.1);

        // Mean difference of neighbours in the hair above the eyes.
        static double Sharpness(byte[] pixels)
        {
            var sum = 0.0;
            for (var y = 25; y < 80; y++)
            {
                for (var x = 170; x < 280; x++)
                    sum += Math.Abs(pixels[3 * ((y * 512) + x)] - pixels[(3 * ((y * 512) + x)) + 3]);
            }

            return sum;
        }
    }

    [Fact]
    public void Wide_round_and_open_mouths_differ_in_the_picture()
    {
        var portrait = SamplePortrait.Scaled(512);
        using var head = TalkingHead.Create(portrait);
        var finder = new FaceFinder();
        float Width(float[] features)
        {
            var picture = new RgbImage(512, 512, Frame(head, features, head.Start(1)));
            var mesh = finder.Mesh(picture, finder.Find(picture, TestContext.Current.CancellationToken)[0])!;
            return System.Numerics.Vector2.Distance(mesh.Points[61], mesh.Points[291]) / mesh.EyeDistance;
        }

        var (wide, plain, round) = (Width([0.5f, 1, 0, 0]), Width([0.5f, 0, 0, 0]), Width([0.5f, 0, 1, 0]));

        Assert.True(wide > plain + 0.02f && plain > round + 0.05f, $"{wide} {plain} {round}");
    }

    [Theory]
    [InlineData(96)]
    [InlineData(128)]
    [InlineData(1024)]
    public void A_portrait_of_any_size_speaks(int side)
    {
        using var head = TalkingHead.Create(SamplePortrait.Scaled(side));
        var state = head.Start(2);

        Assert.NotEqual(Frame(head, [0, 0, 0, 0], state), Frame(head, [1, 0, 0, 0], state));
    }

    [Fact]
    public void A_face_that_the_edges_cut_off_speaks_too()
    {
        using var head = TalkingHead.Create(SamplePortrait.CutOff(256));
        var state = head.Start(2);

        Assert.NotEqual(Frame(head, [0, 0, 0, 0], state), Frame(head, [1, 0, 0, 0], state));
    }

    [Fact]
    public void A_disposed_head_refuses_to_render()
    {
        var head = TalkingHead.Create(SamplePortrait.Scaled(128));
        var state = head.Start(1);
        head.Dispose();
        head.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Frame(head, [0, 0, 0, 0], state));
    }

    [Fact]
    public void A_picture_without_a_face_is_refused_by_its_code()
    {
        var error = Assert.Throws<TalkException>(() => TalkingHead.Create(new RgbImage(256, 256, new byte[3 * 256 * 256])));

        Assert.Equal(ErrorCode.PortraitNoFace, error.Error.Code);
    }

    [Fact]
    public void A_state_of_the_wrong_length_is_refused()
    {
        using var head = TalkingHead.Create(SamplePortrait.Scaled(128));
        var state = head.Start(1);

        Assert.ThrowsAny<ArgumentException>(() => new MotionState(new byte[31], state.Values));
        Assert.ThrowsAny<ArgumentException>(() => new MotionState(state.Generator, [1, 2]));
    }

    private static byte[] Frame(TalkingHead head, float[] features, MotionState state)
    {
        var frame = new byte[3 * head.HeadMask.Length];
        head.Render(features, state, frame);
        return frame;
    }

    private static byte[] Video(TalkingHead head, MotionState state, int frames) =>
        [.. Enumerable.Range(0, frames).SelectMany(i => Frame(head, [(i % 7) / 7f, 0.2f, 0.1f, 0], state))];
}
