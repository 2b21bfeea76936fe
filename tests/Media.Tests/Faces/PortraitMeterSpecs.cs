using WanTalk.Core.Preflight;
using WanTalk.Core.Talks;
using WanTalk.Media.Faces;
using WanTalk.Media.Pictures;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Faces;

/// <summary>Pictures that ffmpeg made of the sample portrait, measured and judged as a video of some size shows them.</summary>
public sealed class PortraitMeterSpecs : IDisposable
{
    private static readonly FrameSize Square = new(640, 640);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_sample_is_as_it_should_be()
    {
        var portrait = await MeasureAsync("null", Square);
        Assert.Equal((new FrameSize(512, 512), new FrameSize(512, 512)), (portrait.Size, portrait.KeptSize));
        var face = Assert.Single(portrait.Faces);
        Assert.InRange(face.Width, 90, 160);
        Assert.InRange(face.X + (face.Width / 2), 260, 300);
        Assert.InRange(face.ShareOf(Square), 0.02, 0.06);
        Assert.Equal(0, face.ShareOutside(Square));
        Assert.Empty(CodesOf(portrait));
    }

    [Fact]
    public async Task The_face_is_measured_in_the_videos_pixels()
    {
        var large = Assert.Single((await MeasureAsync("null", new FrameSize(1024, 1024))).Faces);
        var small = await MeasureAsync("null", new FrameSize(256, 256));
        Assert.Equal(large.Width, 4 * Assert.Single(small.Faces).Width, 0.5);
        Assert.Equal(["portrait_face_small"], CodesOf(small));
    }

    [Fact]
    public async Task A_tiny_face_is_told_as_too_small_for_a_mouth()
    {
        var portrait = await MeasureAsync("scale=96:96,pad=800:800:360:360:gray", Square);
        Assert.InRange(Assert.Single(portrait.Faces).Width, 8, 16);
        Assert.Equal(["portrait_face_too_small"], CodesOf(portrait));
    }

    [Theory]
    [InlineData("crop=280:280:205:0", "left_pixels")]
    [InlineData("hflip,crop=280:280:27:0", "right_pixels")]
    [InlineData("crop=300:300:60:100", "top_pixels")]
    [InlineData("crop=150:150:140:0", "bottom_pixels")]
    public async Task A_face_that_the_picture_cuts_off_is_told_with_its_edge(string crop, string edge)
    {
        var finding = Find(await MeasureAsync(crop, Square)).Single(found => found.Code == "portrait_face_cut_off");
        Assert.InRange(finding.Values["outside_share"], 0.1, 0.5);
        Assert.Equal([edge], finding.Values.Where(value => value.Key.EndsWith("_pixels", StringComparison.Ordinal) && value.Value > 0).Select(value => value.Key));
        Assert.Contains("the whole face", finding.Message);
    }

    [Fact]
    public async Task A_face_that_the_videos_proportions_cut_off_is_told_with_another_remedy()
    {
        var portrait = await MeasureAsync("pad=922:512:0:0:gray", new FrameSize(512, 512));
        var finding = Find(portrait).Single(found => found.Code == "portrait_face_cut_off");
        Assert.Contains("width and height", finding.Message);
    }

    [Fact]
    public async Task A_face_that_is_outside_of_the_video_is_told_as_such()
    {
        var portrait = await MeasureAsync("pad=2048:512:0:0:gray", Square);
        Assert.True(portrait.FaceOutside);
        Assert.Empty(portrait.Faces);
        Assert.Equal(["portrait_no_face", "portrait_mostly_cropped"], CodesOf(portrait));
    }

    [Fact]
    public async Task A_picture_without_a_face_has_none_outside_either()
    {
        var portrait = await MeasureAsync("crop=512:256:0:256", Square);
        Assert.False(portrait.FaceOutside);
        Assert.Empty(portrait.Faces);
    }

    [Theory]
    [InlineData(512, 2)]
    [InlineData(256, 2)]
    public async Task A_second_face_beside_the_first_is_told(int side, int faces)
    {
        var portrait = await MeasureAsync(
            $"split[a][b];[b]hflip,scale={side}:{side},pad=512:512:0:0:gray[c];[a][c]hstack", new FrameSize(1024, 512));
        Assert.Equal(faces, portrait.Faces.Count);
        Assert.True(portrait.Faces[0].Width >= portrait.Faces[1].Width);
        Assert.Contains("portrait_several_faces", CodesOf(portrait));
    }

    [Fact]
    public async Task A_face_in_the_background_is_not_told()
    {
        var portrait = await MeasureAsync("split[a][b];[b]scale=120:120,pad=512:512:200:200:gray[c];[a][c]hstack", new FrameSize(1024, 512));
        Assert.DoesNotContain("portrait_several_faces", CodesOf(portrait));
    }

    [Fact]
    public async Task A_picture_with_fewer_pixels_than_the_video_is_told()
    {
        Assert.Equal(["portrait_enlarged"], CodesOf(await MeasureAsync("scale=256:256", Square)));
    }

    private async Task<PortraitFacts> MeasureAsync(string filter, FrameSize video)
    {
        await Tools.FfmpegAsync("-i {0} -filter_complex " + filter + " -frames:v 1 {1}", SamplePortrait.FileOf("portrait.png"), _folder["made.png"]);
        return new PortraitMeter(new FaceFinder()).Measure(PictureReader.Read(_folder["made.png"]), video, Tools.Token);
    }

    private static IReadOnlyList<PreflightFinding> Find(PortraitFacts portrait) => PortraitRules.Find(portrait, faceRequired: false, new PreflightOptions());

    private static IEnumerable<string> CodesOf(PortraitFacts portrait) => Find(portrait).Select(finding => finding.Code);
}
