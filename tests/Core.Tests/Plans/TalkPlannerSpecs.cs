using System.Text.Json;
using CsCheck;
using WanTalk.Core.Json;
using WanTalk.Core.Plans;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Plans;

public class TalkPlannerSpecs
{
    [Fact]
    public void Seven_seconds_are_175_frames_in_three_windows_padded_to_225()
    {
        var plan = TalkPlanner.Plan(7 * 48000, new FrameSize(639, 640));
        Assert.Equal((175, 3, 225, 50), (plan.VisibleFrames, plan.Windows, plan.SampledFrames, plan.CutFrames));
        Assert.Equal([81, 72, 22], plan.Keep);
        Assert.Equal((640 * 225) + 40 - (7 * 16000), plan.PadSamples16k);
        Assert.Equal(new FrameSize(640, 640), plan.EffectiveSize);
        Assert.Equal(new FrameSize(639, 640), plan.RequestedSize);
        Assert.Equal([new TakePlan(0, 0, 175, 3, 225)], plan.Takes);
    }

    [Fact]
    public void The_speech_and_its_silence_are_always_what_the_engine_has_to_hear() =>
        Gen.Long[1, TalkPlanner.MaxSpeechSamples].Sample(samples =>
        {
            var plan = TalkPlanner.Plan(samples, FrameSize.Default);
            Assert.True(plan.PadSamples16k >= 40);
            Assert.Equal((640L * plan.SampledFrames) + 40, plan.PadSamples16k + ((samples + 2) / 3));
            Assert.Equal(plan.VisibleFrames, plan.Keep.Sum());
        });

    [Fact]
    public void A_minute_in_takes_shows_its_cuts_windows_and_wasted_frames()
    {
        Silence[] silences = [new(19 * 48_000, 24_000), new((41 * 48_000) + 100, 48_000)];
        var plan = TalkPlanner.PlanTakes(60 * 48_000, FrameSize.Default, silences, 20);
        Assert.Equal([new TakePlan(0, 0, 482, 7, 513), new TakePlan(1, 482, 556, 8, 585), new TakePlan(2, 1038, 462, 7, 513)], plan.Takes);
        Assert.Equal((1500, 22, 1611, 111), (plan.VisibleFrames, plan.Windows, plan.SampledFrames, plan.CutFrames));
        // One take would need 21 windows and 21 frames.
        Assert.Equal((21, 21), (TalkPlanner.Plan(60 * 48_000, FrameSize.Default).Windows, TalkPlanner.Plan(60 * 48_000, FrameSize.Default).CutFrames));
        // 1038 + 513 = 1551 frames, in whole windows.
        Assert.Equal(1593, plan.EmbeddedFrames);
        Assert.Contains("3 takes", Assert.Single(plan.Notes));
    }

    [Fact]
    public void The_conditioning_covers_what_every_take_samples_in_whole_windows() =>
        Gen.Select(Gen.Long[1, 200_000_000], Gen.Long[20_000, 3_000_000].Array[0, 40], Gen.Double[4, 60]).Sample((samples, gaps, wished) =>
        {
            var at = 0L;
            var silences = gaps.Select(gap => new Silence(at += gap, 19_200)).ToList();
            var plan = TalkPlanner.PlanTakes(samples, FrameSize.Default, silences, wished);
            Assert.All(plan.Takes, take => Assert.True(take.FirstFrame + take.SampledFrames <= plan.EmbeddedFrames));
            Assert.Equal(9, plan.EmbeddedFrames % 72);
            Assert.True(plan.EmbeddedFrames - plan.Takes[^1].FirstFrame - plan.Takes[^1].SampledFrames < 72);
            Assert.Equal((640L * plan.EmbeddedFrames) + 40, plan.PadSamples16k + ((samples + 2) / 3));
            Assert.Equal(plan.VisibleFrames, plan.Keep.Sum());
            Assert.Equal(plan.VisibleFrames, plan.Takes.Sum(take => take.VisibleFrames));
            Assert.Equal((plan.Windows, plan.Windows), (plan.Keep.Count, plan.Takes.Sum(take => take.Windows)));
        });

    [Fact]
    public void A_plan_is_told_in_the_words_of_the_design()
    {
        var json = JsonSerializer.SerializeToElement(TalkPlanner.Plan(9600, FrameSize.Default), CoreJson.Options);
        string[] words = ["visible_frames", "windows", "sampled_frames", "cut_frames", "keep", "pad_samples_16k", "embedded_frames", "takes", "effective_size"];
        Assert.All(words, word => Assert.True(json.TryGetProperty(word, out _), word));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(TalkPlanner.MaxSpeechSamples + 1)]
    public void A_length_outside_of_one_sample_to_ten_hours_is_refused(long samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TalkPlanner.Plan(samples, FrameSize.Default));
}
