using WanTalk.Core.Artifacts;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Artifacts;

public class ArtifactPathSpecs
{
    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("x/")]
    [InlineData("x//y")]
    [InlineData("x/../y")]
    [InlineData("x/.hidden")]
    [InlineData("X")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public void A_name_that_could_leave_the_store_or_hide_in_it_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new ArtifactPath(name));

    [Fact]
    public void Windows_sort_by_their_number_and_commit_records_are_told_from_what_they_name()
    {
        var paths = new TalkPaths("abcdefgh");
        Assert.Equal("talks/abcdefgh/take-00/0007.json", paths.Commit(0, 7).Value);
        Assert.True(CommitRecord.IsRecordName(paths.Commit(3, 12_345)));
        Assert.False(CommitRecord.IsRecordName(paths.Segment(0, 7, "abc")));
        Assert.False(CommitRecord.IsRecordName(paths.Checkpoint(0, 7, "abc")));
        Assert.False(CommitRecord.IsRecordName(paths.Plan));
        Assert.Equal("talks/abcdefgh/work/sample-00-0008/a1/heartbeat.json", paths.Heartbeat(Stage.Sample, "00-0008", "a1").Value);
    }
}
