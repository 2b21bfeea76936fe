using CsCheck;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Tests.Windows;

public class WindowPlanSpecs
{
    [Theory]
    [InlineData(175, 3, 225, 50)]
    [InlineData(425, 6, 441, 16)]
    [InlineData(1, 1, 81, 80)]
    [InlineData(81, 1, 81, 0)]
    [InlineData(82, 2, 153, 71)]
    [InlineData(153, 2, 153, 0)]
    [InlineData(154, 3, 225, 71)]
    [InlineData(5, 1, 81, 76)]
    public void Known_lengths_have_the_known_windows(int visible, int windows, int sampled, int cut)
    {
        var plan = WindowPlan.ForFrames(visible);
        Assert.Equal((windows, sampled, cut), (plan.Count, plan.SampledFrames, plan.CutFrames));
    }

    [Fact]
    public void The_seeds_table_is_what_one_to_ten_windows_sample()
    {
        int[] table = [81, 153, 225, 297, 369, 441, 513, 585, 657, 729];
        Assert.Equal(table, table.Select(frames => WindowPlan.ForFrames(frames).SampledFrames));
        Assert.Equal(Enumerable.Range(1, 10), table.Select(frames => WindowPlan.ForFrames(frames).Count));
    }

    [Fact]
    public void Any_length_up_to_ten_hours_is_shown_whole_with_the_fewest_windows() =>
        Gen.Int[1, WindowArithmetic.MaxVisibleFrames].Sample(visible =>
        {
            var plan = WindowPlan.ForFrames(visible);
            Assert.Equal(Math.Max(1, (visible + 62) / 72), plan.Count);
            Assert.InRange(plan.CutFrames, 0, plan.Count == 1 ? 80 : 71);
            Assert.True(plan.Count == 1 || plan.SampledFrames - 72 < visible, "One window fewer would have been enough.");
        });

    [Fact]
    public void What_the_windows_keep_is_every_visible_frame_once_and_in_order() =>
        Gen.Int[1, 20_000].Sample(visible =>
        {
            var plan = WindowPlan.ForFrames(visible);
            var next = 0;
            for (var window = 0; window < plan.Count; window++)
            {
                Assert.Equal(next, plan.FirstFrame(window) + plan.Skip(window));
                Assert.InRange(plan.Keep(window), 1, 81 - plan.Skip(window));
                next += plan.Keep(window);
            }

            Assert.Equal(visible, next);
            Assert.Equal(plan.KeepAll(), Enumerable.Range(0, plan.Count).Select(plan.Keep));
        });

    [Fact]
    public void The_engine_hears_exactly_the_planned_frames_in_spite_of_floating_point() =>
        Gen.Int[1, 60_000].Sample(visible =>
        {
            var plan = WindowPlan.ForFrames(visible);
            Assert.Equal(plan.SampledFrames, (int)(WindowArithmetic.EngineSamplesOf(plan.SampledFrames) / 16000.0 * 25.0));
        });

    [Fact]
    public void A_frame_counts_when_it_has_a_single_sample() =>
        Gen.Long[1, 10L * 3600 * 48000].Sample(samples =>
        {
            var frames = WindowPlan.FramesOf(samples);
            Assert.True((frames - 1L) * 1920 < samples && samples <= frames * 1920L);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(WindowArithmetic.MaxVisibleFrames + 1)]
    public void Lengths_that_cannot_be_planned_are_refused(int visible) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WindowPlan.ForFrames(visible));

    [Fact]
    public void A_window_outside_of_the_plan_is_refused()
    {
        var plan = WindowPlan.ForFrames(175);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Keep(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.FirstFrame(-1));
    }
}
