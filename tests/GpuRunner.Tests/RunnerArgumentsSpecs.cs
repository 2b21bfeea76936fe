namespace WanTalk.GpuRunner.Tests;

public sealed class RunnerArgumentsSpecs
{
    [Fact]
    public void An_engine_elsewhere_is_given_by_its_url()
    {
        var options = RunnerArguments.Parse(["--home", "/some/home", "--engine-url", "http://box:8188"]);
        Assert.Equal(("/some/home", new Uri("http://box:8188")), (options.Home.Root, options.EngineUrl));
        Assert.Empty(options.EngineCommand);
    }

    [Fact]
    public void Everything_behind_engine_command_belongs_to_the_engine()
    {
        var options = RunnerArguments.Parse(["--home", "/some/home", "--engine-command", "python", "main.py", "--home", "x"]);
        Assert.Equal("/some/home", options.Home.Root);
        Assert.Equal(["python", "main.py", "--home", "x"], options.EngineCommand);
        Assert.Null(options.EngineUrl);
    }

    [Fact]
    public void A_home_may_be_relative() =>
        Assert.Equal(Path.GetFullPath("home"), RunnerArguments.Parse(["--home", "home", "--engine-url", "http://box:8188"]).Home.Root);

    [Theory]
    [InlineData]
    [InlineData("--home")]
    [InlineData("--home", "/h")]
    [InlineData("--engine-url", "http://box:8188")]
    [InlineData("--home", "/h", "--engine-command")]
    [InlineData("--home", "/h", "--engine-url")]
    [InlineData("--home", "/h", "--gpu", "1")]
    public void What_is_missing_or_unknown_is_refused(params string[] arguments) =>
        Assert.Throws<ArgumentException>(() => RunnerArguments.Parse(arguments));

    [Fact]
    public void Two_homes_mark_their_prompts_differently_and_one_home_always_the_same()
    {
        static string MarkOf(string home) => RunnerArguments.Parse(["--home", home, "--engine-url", "http://box:8188"]).PromptMark;
        Assert.Equal(MarkOf("/a"), MarkOf("/a"));
        Assert.NotEqual(MarkOf("/a"), MarkOf("/b"));
    }
}
