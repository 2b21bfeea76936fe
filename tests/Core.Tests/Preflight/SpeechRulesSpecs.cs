using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Preflight;

namespace WanTalk.Core.Tests.Preflight;

/// <summary>What is said of any speech, whatever was measured.</summary>
public sealed class SpeechRulesSpecs
{
    private static readonly PreflightOptions Lines = new();
    private static readonly SpeechFacts Good = new(10, 1, -20, 0, 8, 0, 0);

    private static readonly Gen<SpeechFacts> AnySpeech = Gen.Select(
        Gen.Double[0.2, 36_000], Gen.Int[1, 8], Gen.Double[-70, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 120], Gen.Double[0, 120],
        (seconds, channels, lufs, clipped, voice, difference, cancellation) =>
            new SpeechFacts(seconds, channels, lufs < -69 ? null : lufs, clipped, voice < 0.2 ? 0 : seconds * voice, difference, cancellation));

    [Fact]
    public void A_good_speech_has_no_findings() => Assert.Empty(SpeechRules.Find(Good, Lines));

    [Fact]
    public void The_same_facts_have_the_same_findings_which_can_be_stored() => AnySpeech.Sample(speech =>
    {
        var findings = SpeechRules.Find(speech, Lines);
        var stored = CoreJson.FromBytes<PreflightReport>(CoreJson.ToBytes(new PreflightReport(findings)));
        Assert.Equal(CoreJson.ToBytes(new PreflightReport(SpeechRules.Find(speech, Lines))), CoreJson.ToBytes(stored));
        Assert.Equal(findings.Count, findings.Select(finding => finding.Code).Distinct().Count());
        Assert.All(findings, finding => Assert.True(finding.About == PreflightSubject.Speech && !finding.Message.Contains('\n') && finding.Message.Length is > 20 and < 400));
    });

    [Fact]
    public void A_talk_stops_when_nobody_speaks_and_for_nothing_else() => AnySpeech.Sample(speech =>
        Assert.Equal(
            speech.VoiceSeconds < 0.1 && speech.Seconds >= 1 ? ErrorCode.SpeechNoVoice : null,
            new PreflightReport(SpeechRules.Find(speech, Lines)).Refusal()?.Code));

    [Fact]
    public void More_voice_is_never_worse() => Gen.Select(AnySpeech, Gen.Double[0, 1]).Sample((speech, more) =>
    {
        var better = speech with { VoiceSeconds = speech.VoiceSeconds + ((speech.Seconds - speech.VoiceSeconds) * more) };
        Assert.True(Gravity(better) <= Gravity(speech));
    });

    [Fact]
    public void Each_line_can_be_turned_off() => AnySpeech.Sample(speech => Assert.DoesNotContain(
        SpeechRules.Find(speech, new PreflightOptions
        {
            LeastVoiceSeconds = 0,
            LeastVoiceShare = 0,
            MostClipped = 1,
            LeastLoudnessLufs = -70,
            MostChannelDifferenceDb = 120,
            MostCancellationDb = 120,
        }),
        finding => finding.Code != PreflightCodes.Mixed));

    [Fact]
    public void Each_fault_has_its_finding()
    {
        Assert.Equal("speech_no_voice", OneOf(Good with { VoiceSeconds = 0.09 }));
        Assert.Equal("speech_little_voice", OneOf(Good with { VoiceSeconds = 2.9 }));
        Assert.Equal("speech_clipped", OneOf(Good with { ClippedShare = 0.002 }));
        Assert.Equal("speech_quiet", OneOf(Good with { LoudnessLufs = -40.1 }));
        Assert.Equal("speech_one_sided", OneOf(Good with { Channels = 2, ChannelDifferenceDb = 21 }));
        Assert.Equal("speech_out_of_phase", OneOf(Good with { Channels = 2, CancellationDb = 11 }));
        Assert.Equal("speech_channels_mixed", OneOf(Good with { Channels = 6 }));
        Assert.Empty(SpeechRules.Find(Good with { LoudnessLufs = null }, Lines));
    }

    [Fact]
    public void A_single_syllable_may_have_no_voice_that_is_heard()
    {
        var finding = Assert.Single(SpeechRules.Find(new SpeechFacts(0.5, 1, null, 0, 0, 0, 0), Lines));
        Assert.Equal(("speech_no_voice", PreflightSeverity.Warning), (finding.Code, finding.Severity));
    }

    [Fact]
    public void A_talk_that_stops_for_both_inputs_says_so_with_the_first_code()
    {
        var face = PreflightReport.Of(new TalkError(ErrorCode.PortraitUnreadable, "Give a PNG."), PreflightSubject.Portrait);
        var report = new PreflightReport([face, .. SpeechRules.Find(Good with { VoiceSeconds = 0, ClippedShare = 1 }, Lines)]);
        Assert.Equal(ErrorCode.PortraitUnreadable, report.Refusal()!.Code);
        Assert.StartsWith("Give a PNG. Nobody was heard", report.Refusal()!.Message);
        Assert.StartsWith("The speech is distorted", Assert.Single(report.Warnings()));
    }

    [Fact]
    public void Lines_outside_of_their_ranges_are_refused()
    {
        Assert.Same(Lines, Lines.Checked());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreflightOptions { LeastVoiceShare = 1.01 }.Checked());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreflightOptions { MostEnlargement = 0.9 }.Checked());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreflightOptions { LeastLoudnessLufs = double.NaN }.Checked());
    }

    private static string OneOf(SpeechFacts speech) => Assert.Single(SpeechRules.Find(speech, Lines)).Code;

    /// <summary>How grave what is said of the voice is.</summary>
    private static int Gravity(SpeechFacts speech) => SpeechRules.Find(speech, Lines).Select(finding => finding.Code switch
    {
        "speech_no_voice" => 2,
        "speech_little_voice" => 1,
        _ => 0,
    }).DefaultIfEmpty().Max();
}
