using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Talks;

public class SpeechCutSpecs
{
    [Fact]
    public void Nothing_asked_for_is_the_whole_speech() => Assert.Null(SpeechCut.Of(new TalkDraft()));

    [Theory]
    [InlineData(1.5, null, null, 72_000L, null)]
    [InlineData(null, 2.0, null, 0L, 96_000L)]
    [InlineData(null, null, 175, 0L, 336_000L)]
    [InlineData(1.0, 9.0, 25, 48_000L, 96_000L)]
    [InlineData(1.0, 1.5, 25, 48_000L, 72_000L)]
    public void Seconds_and_frames_are_samples(double? start, double? end, int? frames, long first, long? last) =>
        Assert.Equal(new SpeechCut(first, last), SpeechCut.Of(new TalkDraft { AudioStart = start, AudioEnd = end, NumFrames = frames }));

    [Theory]
    [InlineData(-1.0, null, null, ErrorCode.SettingOutOfRange)]
    [InlineData(1e9, null, null, ErrorCode.SettingOutOfRange)]
    [InlineData(null, 0.0, null, ErrorCode.SettingOutOfRange)]
    [InlineData(null, null, 4, ErrorCode.SettingOutOfRange)]
    [InlineData(3.0, 2.0, null, ErrorCode.SettingsConflict)]
    [InlineData(3.0, 3.1, null, ErrorCode.SettingsConflict)]
    public void What_leaves_nothing_to_speak_is_refused(double? start, double? end, int? frames, ErrorCode code) =>
        Assert.Equal(code, Assert.Single(SpeechCut.Validate(new TalkDraft { AudioStart = start, AudioEnd = end, NumFrames = frames })).Code);

    [Fact]
    public void What_is_accepted_has_a_length() => Gen.Select(Gen.Nullable(Gen.Double[0, 40_000]), Gen.Nullable(Gen.Double[-1, 40_000]), Gen.Nullable(Gen.Int[-5, 1_000_000]))
        .Sample((start, end, frames) =>
        {
            var draft = new TalkDraft { AudioStart = start, AudioEnd = end, NumFrames = frames };
            return SpeechCut.Validate(draft).Any() || SpeechCut.Of(draft) is null or { End: null } || SpeechCut.Of(draft) is { } cut && cut.End - cut.Start >= 9_599;
        });
}
