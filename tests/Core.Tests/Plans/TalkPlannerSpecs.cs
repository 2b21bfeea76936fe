using System.Text.Json;
using CsCheck;
using WanTalk.Core.Json;
using WanTalk.Core.Plans;
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
        Assert.Equal([new TakePlan(0, 0, 175, 3)], plan.Takes);
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
    public void A_plan_is_told_in_the_words_of_the_design()
    {
        var json = JsonSerializer.SerializeToElement(TalkPlanner.Plan(9600, FrameSize.Default), CoreJson.Options);
        string[] words = ["visible_frames", "windows", "sampled_frames", "cut_frames", "keep", "pad_samples_16k", "takes", "effective_size"];
        Assert.All(words, word => Assert.True(json.TryGetProperty(word, out _), word));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(TalkPlanner.MaxSpeechSamples + 1)]
    public void A_length_outside_of_one_sample_to_ten_hours_is_refused(long samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TalkPlanner.Plan(samples, FrameSize.Default));
}
