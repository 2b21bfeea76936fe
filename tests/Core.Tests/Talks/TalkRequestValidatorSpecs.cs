using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Talks;

public class TalkRequestValidatorSpecs
{
    private static readonly byte[] PngHead = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];

    private static readonly TalkDraft Good = new()
    {
        Portrait = new InputFacts("portrait.png", 1000, PngHead),
        Speech = new InputFacts("speech.wav", 1000, "RIFF\0\0\0\0WAVE"u8.ToArray()),
    };

    public static TheoryData<TalkDraft, ErrorCode> Faults => new()
    {
        { Good with { Portrait = null }, ErrorCode.PortraitMissing },
        { Good with { Portrait = new InputFacts("p.png", 0, Array.Empty<byte>()) }, ErrorCode.PortraitEmpty },
        { Good with { Portrait = new InputFacts("p.png", 12, "hello, world"u8.ToArray()) }, ErrorCode.PortraitUnreadable },
        { Good with { Portrait = new InputFacts("p.png", TalkLimits.MaxPortraitBytes + 1, PngHead) }, ErrorCode.PortraitTooLarge },
        { Good with { Speech = null }, ErrorCode.SpeechMissing },
        { Good with { Speech = new InputFacts("s.wav", 0, Array.Empty<byte>()) }, ErrorCode.SpeechEmpty },
        { Good with { Speech = new InputFacts("s.wav", 12, PngHead) }, ErrorCode.SpeechNoAudio },
        { Good with { Speech = new InputFacts("s.wav", 12, "hello, world"u8.ToArray()) }, ErrorCode.SpeechUnreadable },
        { Good with { Speech = new InputFacts("s.wav", TalkLimits.MaxSpeechBytes + 1, Array.Empty<byte>()) }, ErrorCode.SpeechTooLong },
        { Good with { Width = 0 }, ErrorCode.SizeOutOfRange },
        { Good with { Width = 100_000 }, ErrorCode.SizeOutOfRange },
        { Good with { Height = 127 }, ErrorCode.SizeOutOfRange },
        { Good with { Width = 1536, Height = 1536 }, ErrorCode.SizeTooManyPixels },
        { Good with { Seed = -1 }, ErrorCode.SeedOutOfRange },
        { Good with { Seed = 1L << 53 }, ErrorCode.SeedOutOfRange },
        { Good with { Prompt = new string('a', TalkLimits.MaxPromptLength + 1) }, ErrorCode.PromptTooLong },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_fault_is_told_by_its_code(TalkDraft draft, ErrorCode code)
    {
        var problem = Assert.Single(TalkRequestValidator.Validate(draft));
        Assert.Equal(code, problem.Code);
        Assert.Equal(ErrorKind.Input, ErrorCatalog.KindOf(problem.Code));
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public void A_good_draft_has_no_problems() => Assert.Empty(TalkRequestValidator.Validate(Good));

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = TalkRequestValidator.Validate(new TalkDraft { Width = 0, Height = 5, Seed = -3 });
        Assert.Equal(
            [ErrorCode.PortraitMissing, ErrorCode.SpeechMissing, ErrorCode.SizeOutOfRange, ErrorCode.SizeOutOfRange, ErrorCode.SeedOutOfRange],
            problems.Select(problem => problem.Code));
    }

    [Fact]
    public void A_checked_request_has_everything_filled_in()
    {
        var request = TalkIntake.Check(Good with { Width = 639 }, TimeProvider.System, out var problems);
        Assert.Empty(problems);
        Assert.NotNull(request);
        Assert.True(TalkId.IsValid(request.Id));
        Assert.Equal((new FrameSize(639, 640), new FrameSize(640, 640)), (request.RequestedSize, request.EffectiveSize));
        Assert.InRange(request.Seed, 0, TalkLimits.MaxSeed);
        Assert.Contains(request.Warnings, warning => warning.Contains("640x640"));
    }

    [Fact]
    public void An_upload_is_no_address_where_nobody_has_a_key()
    {
        var problem = Assert.Single(TalkRequestValidator.Validate(Good with { SpeechUrl = "upload:x" }));
        Assert.Equal(ErrorCode.ArgumentInvalid, problem.Code);
        Assert.Contains("API key", problem.Message);
    }

    [Fact]
    public void Sizes_above_what_the_model_was_trained_for_carry_a_warning()
    {
        var request = TalkIntake.Check(Good with { Width = 832, Height = 832 }, TimeProvider.System, out _);
        Assert.Contains(request!.Warnings, warning => warning.Contains("410000"));
    }

    [Fact]
    public void Effective_sides_are_the_nearest_multiples_of_sixteen_half_up() =>
        Gen.Int[TalkLimits.MinSide, TalkLimits.MaxSide].Sample(side =>
        {
            var made = new FrameSize(side, 640).ToEffective().Width;
            Assert.Equal(0, made % 16);
            Assert.True(side - made is > -9 and < 8, $"{side} became {made}");
        });

    [Fact]
    public void Ids_are_never_the_same() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => TalkId.New()).Distinct().Count());

    [Theory]
    [InlineData("../etc")]
    [InlineData("")]
    [InlineData("ABCDEFGH")]
    [InlineData("abcdefgh\n")]
    [InlineData(null)]
    public void What_is_no_id_is_not_taken_for_one(string? text) => Assert.False(TalkId.IsValid(text));
}
