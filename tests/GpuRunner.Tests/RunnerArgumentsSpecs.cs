using WanTalk.Storage;

namespace WanTalk.GpuRunner.Tests;

public sealed class RunnerArgumentsSpecs
{
    private static RunnerOptions Parse(params IReadOnlyList<string> arguments) => RunnerArguments.Parse(arguments, _ => null);

    [Fact]
    public void An_engine_elsewhere_is_given_by_its_url()
    {
        var options = Parse(["--home", "/some/home", "--engine-url", "http://box:8188"]);
        Assert.Equal(("/some/home", new Uri("http://box:8188")), (options.Home.Root, options.EngineUrl));
        Assert.Empty(options.Engine.Command);
        Assert.False(options.FaceRequired);
    }

    [Fact]
    public void Everything_behind_engine_command_belongs_to_the_engine()
    {
        var options = Parse(["--home", "/some/home", "--engine-command", "python", "main.py", "{port}", "--home", "x"]);
        Assert.Equal("/some/home", options.Home.Root);
        Assert.Equal(["python", "main.py", "{port}", "--home", "x"], options.Engine.Command);
        Assert.Null(options.EngineUrl);
    }

    [Fact]
    public void An_engine_may_have_a_folder_variables_a_port_and_more_time_to_start()
    {
        var options = Parse(
        [
            "--home", "/h", "--face-required", "--engine-folder", "/comfy", "--engine-variable", "A=1=2", "--engine-variable", "B=",
            "--engine-port", "8188", "--engine-start-seconds", "2.5", "--engine-command", "python",
        ]);
        Assert.Equal(("/comfy", 8188, 2.5, true), (options.Engine.Folder, options.Engine.Port, options.Engine.StartSeconds, options.FaceRequired));
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1=2", ["B"] = "" }, options.Engine.Environment);
    }

    [Fact]
    public void Videos_are_published_in_the_home_unless_another_place_is_given()
    {
        string[] least = ["--home", "/h", "--engine-url", "http://box:8188"];
        Assert.Equal(PublishKind.Folder, Parse(least).Publish);
        Assert.Equal(PublishKind.Folder, Parse(["--publish", "folder", .. least]).Publish);
        Assert.Equal(PublishKind.R2, Parse(["--publish", "r2", .. least]).Publish);
    }

    [Fact]
    public void Artifacts_and_lanes_are_in_the_home_unless_another_storage_is_given()
    {
        string[] least = ["--home", "/h", "--engine-url", "http://box:8188"];
        Assert.Equal(StorageKind.Folder, Parse(least).Storage);
        Assert.Equal(StorageKind.Folder, Parse(["--storage", "folder", .. least]).Storage);
        Assert.Equal(StorageKind.Azure, Parse(["--storage", "azure", .. least]).Storage);
    }

    [Fact]
    public void A_home_may_be_relative() =>
        Assert.Equal(Path.GetFullPath("home"), Parse(["--home", "home", "--engine-url", "http://box:8188"]).Home.Root);

    [Theory]
    [InlineData]
    [InlineData("--home")]
    [InlineData("--home", "/h")]
    [InlineData("--engine-url", "http://box:8188")]
    [InlineData("--home", "/h", "--engine-command")]
    [InlineData("--home", "/h", "--engine-url")]
    [InlineData("--home", "/h", "--gpu", "1")]
    [InlineData("--home", "/h", "--storage", "cloud", "--engine-url", "http://box:8188")]
    [InlineData("--home", "/h", "--storage", "0", "--engine-url", "http://box:8188")]
    [InlineData("--home", "/h", "--publish", "ftp", "--engine-url", "http://box:8188")]
    [InlineData("--home", "/h", "--engine-url", "box:8188")]
    [InlineData("--home", "/h", "--engine-variable", "=1", "--engine-url", "http://box:8188")]
    [InlineData("--home", "/h", "--engine-port", "70000", "--engine-command", "python")]
    [InlineData("--home", "/h", "--engine-start-seconds", "NaN", "--engine-command", "python", "{port}")]
    [InlineData("--home", "/h", "--engine-command", "python", "no-place-for-the-port")]
    public void What_is_missing_or_unknown_is_refused(params string[] arguments) =>
        Assert.Throws<ArgumentException>(() => Parse(arguments));

    [Fact]
    public void Two_homes_mark_their_prompts_differently_and_one_home_always_the_same()
    {
        static string MarkOf(string home) => Parse(["--home", home, "--engine-url", "http://box:8188"]).PromptMark;
        Assert.Equal(MarkOf("/a"), MarkOf("/a"));
        Assert.NotEqual(MarkOf("/a"), MarkOf("/b"));
    }
}
