using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Talks;

public class RequestOptionsSpecs
{
    [Fact]
    public void A_talk_that_names_no_preset_has_the_operators()
    {
        var options = RequestOptions.FromEnvironment(name => name == RequestOptions.DefaultPresetVariable ? "fast" : null);
        var draft = new TalkDraft { PortraitUrl = "https://example.com/p.png", SpeechUrl = "https://example.com/s.wav" };

        Assert.Equal(SamplingPreset.Fast, Accepted(options.Of(draft)).Preset);
        Assert.Equal(SamplingPresets.Of(SamplingPreset.Fast).Model, Accepted(options.Of(draft)).Model);
        Assert.Equal(SamplingPreset.Best, Accepted(options.Of(draft with { Sampling = new SamplingDraft { Preset = SamplingPreset.Best } })).Preset);
        Assert.Equal(SamplingPreset.Recommended, Accepted(new RequestOptions().Of(draft)).Preset);
    }

    [Fact]
    public void A_preset_that_is_none_is_named() => Assert.StartsWith(
        "argument_invalid: WANTALK_DEFAULT_PRESET is 'quick'. Give one of recommended, fast,",
        Assert.Throws<TalkException>(() => RequestOptions.FromEnvironment(_ => "quick")).Message,
        StringComparison.Ordinal);

    private static SamplingSettings Accepted(TalkDraft draft) => TalkIntake.Check(draft, TimeProvider.System, out _)!.Sampling;
}
