using CsCheck;
using WanTalk.Core.Preflight;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Preflight;

/// <summary>What is said of any portrait, whatever was measured.</summary>
public sealed class PortraitRulesSpecs
{
    private static readonly FrameSize Video = new(640, 640);
    private static readonly PreflightOptions Lines = new();

    private static readonly Gen<FaceFacts> AnyFace = Gen.Select(
        Gen.Double[-900, 900], Gen.Double[-900, 900], Gen.Double[0, 1200], Gen.Double[0, 1200], (x, y, width, height) => new FaceFacts(x, y, width, height));

    private static readonly Gen<FrameSize> AnySize = Gen.Select(Gen.Int[64, 4096], Gen.Int[64, 4096], (width, height) => new FrameSize(width, height));

    private static readonly Gen<PortraitFacts> AnyPortrait = Gen.Select(
        AnySize, Gen.Double[0.1, 1], AnySize, AnyFace.List[0, 5], Gen.Bool,
        (size, kept, video, faces, outside) => new PortraitFacts(
            size, new FrameSize((int)Math.Max(1, size.Width * kept), size.Height), video, [.. faces.OrderByDescending(face => face.Width * face.Height)], outside));

    [Fact]
    public void A_good_portrait_has_no_findings() => Assert.Empty(Find(Of(new FaceFacts(200, 100, 200, 220))));

    [Fact]
    public void The_same_facts_have_the_same_findings_which_can_be_stored() => AnyPortrait.Sample(portrait =>
    {
        var findings = PortraitRules.Find(portrait, true, Lines);
        var stored = Json.CoreJson.FromBytes<PreflightReport>(Json.CoreJson.ToBytes(new PreflightReport(findings)));
        Assert.Equal(Json.CoreJson.ToBytes(new PreflightReport(PortraitRules.Find(portrait, true, Lines))), Json.CoreJson.ToBytes(stored));
        Assert.Equal(findings.Count, findings.Select(finding => finding.Code).Distinct().Count());
        Assert.All(findings, finding => Assert.True(finding.About == PreflightSubject.Portrait && !finding.Message.Contains('\n') && finding.Message.Length is > 20 and < 400));
    });

    [Fact]
    public void Only_a_face_that_is_missing_or_too_small_stops_a_talk_and_only_where_it_is_required() => AnyPortrait.Sample(portrait =>
    {
        var stops = portrait.Faces.Count == 0 || portrait.Faces[0].Width < Lines.LeastFacePixels;
        Assert.Equal(stops, new PreflightReport(PortraitRules.Find(portrait, true, Lines)).Refusal() is not null);
        Assert.Null(new PreflightReport(PortraitRules.Find(portrait, false, Lines)).Refusal());
        Assert.Equal(Codes(PortraitRules.Find(portrait, true, Lines)), Codes(PortraitRules.Find(portrait, false, Lines)));
    });

    [Fact]
    public void What_is_inside_and_what_is_outside_of_the_video_are_shares() => Gen.Select(AnyFace, AnySize).Sample((face, video) =>
    {
        Assert.InRange(face.ShareOf(video), 0, 1);
        Assert.InRange(face.ShareOutside(video), 0, 1);
    });

    [Fact]
    public void A_face_moved_out_of_the_picture_is_cut_off_more_and_more() => Gen.Select(Gen.Double[0, 640], Gen.Double[0, 640]).Sample((a, b) =>
    {
        double Outside(double x) => new FaceFacts(x, 100, 200, 200).ShareOutside(Video);
        Assert.True(Outside(Math.Min(a, b)) <= Outside(Math.Max(a, b)) + 1e-9);
    });

    [Theory]
    [InlineData(15.9, "portrait_face_too_small")]
    [InlineData(16, "portrait_face_small")]
    [InlineData(63.9, "portrait_face_small")]
    [InlineData(64, null)]
    public void The_lines_of_size_are_exact(double width, string? code) =>
        Assert.Equal(code is null ? [] : [code], Codes(Find(Of(new FaceFacts(200, 100, width, width)))));

    [Fact]
    public void Faces_in_the_background_are_not_counted()
    {
        var findings = Find(Of(new FaceFacts(100, 100, 200, 200), new FaceFacts(400, 100, 70, 70), new FaceFacts(500, 100, 69, 69)));
        Assert.Equal((PreflightCodes.SeveralFaces, 2), (Assert.Single(findings).Code, findings[0].Values["faces"]));
    }

    [Fact]
    public void Sizes_are_told_where_they_cost_something()
    {
        var face = new FaceFacts(200, 100, 200, 220);
        Assert.Equal(["portrait_enlarged"], Codes(Find(new PortraitFacts(new(400, 400), new(400, 400), Video, [face], false))));
        Assert.Equal(["portrait_mostly_cropped"], Codes(Find(new PortraitFacts(new(2000, 800), new(800, 800), Video, [face], false))));
        Assert.Empty(Find(new PortraitFacts(new(1080, 1920), new(1080, 1080), Video, [face], false)));
    }

    private static PortraitFacts Of(params FaceFacts[] faces) => new(Video, Video, Video, faces, false);

    private static IReadOnlyList<PreflightFinding> Find(PortraitFacts portrait) => PortraitRules.Find(portrait, false, Lines);

    private static IEnumerable<string> Codes(IEnumerable<PreflightFinding> findings) => findings.Select(finding => finding.Code);
}
