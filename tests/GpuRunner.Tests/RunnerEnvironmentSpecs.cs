using System.Net;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Preflight;
using WanTalk.Core.Sampling;
using WanTalk.Core.Work;
using WanTalk.Storage;

namespace WanTalk.GpuRunner.Tests;

/// <summary>A container has no command line of its own: everything is in its environment, and what is wrong there is named.</summary>
public sealed class RunnerEnvironmentSpecs
{
    private static readonly Dictionary<string, string> Least = new() { ["WANTALK_HOME"] = "/h", ["WANTALK_ENGINE_URL"] = "http://box:8188" };

    [Fact]
    public void A_home_and_an_engine_are_enough()
    {
        var options = Parse(Least);
        Assert.Equal(("/h", new Uri("http://box:8188")), (options.Home.Root, options.EngineUrl));
        Assert.Equal([Lane.Media, Lane.Embed, Lane.Sample], options.Lanes);
        Assert.Equal([SamplingPreset.Recommended], options.Presets);
        Assert.Equal((600, 300, 2), (options.WindowSeconds, options.CooldownSeconds, options.MediaConcurrency));
        Assert.Equal((false, LogLevel.Information), (options.SharesLanes, options.LogLevel));
        Assert.Equal((StorageKind.Folder, PublishKind.Folder), (options.Storage, options.Publish));
        Assert.Null(options.HealthListen);
    }

    [Fact]
    public void Everything_can_be_set()
    {
        var options = Parse(new()
        {
            ["WANTALK_HOME"] = "/h",
            ["WANTALK_LANES"] = "embed, sample",
            ["WANTALK_PRESETS"] = "fast,best",
            ["WANTALK_STORAGE"] = "azure",
            ["WANTALK_PUBLISH"] = "r2",
            ["WANTALK_WINDOW_SECONDS"] = "1200",
            ["WANTALK_COOLDOWN_SECONDS"] = "0",
            ["WANTALK_MEDIA_CONCURRENCY"] = "8",
            ["WANTALK_LEAST_VOICE_SECONDS"] = "0",
            ["WANTALK_HEALTH_LISTEN"] = "0.0.0.0:8081",
            ["WANTALK_ENGINE_COMMAND"] = "python3 main.py --port {port} '--a b'",
            ["WANTALK_ENGINE_FOLDER"] = "/opt/ComfyUI",
            ["WANTALK_MODELS"] = "/models",
            ["LOG_LEVEL"] = "debug",
        });
        Assert.Equal([Lane.Embed, Lane.Sample], options.Lanes);
        Assert.Equal([SamplingPreset.Fast, SamplingPreset.Best], options.Presets);
        Assert.Equal((StorageKind.Azure, PublishKind.R2), (options.Storage, options.Publish));
        Assert.Equal((1200, 0, 8), (options.WindowSeconds, options.CooldownSeconds, options.MediaConcurrency));
        Assert.Equal(new PreflightOptions { LeastVoiceSeconds = 0 }, options.Preflight);
        Assert.Equal(IPEndPoint.Parse("0.0.0.0:8081"), options.HealthListen);
        Assert.Equal(["python3", "main.py", "--port", "{port}", "--a b"], options.Engine.Command);
        Assert.Equal(("/opt/ComfyUI", "/models", LogLevel.Debug), (options.Engine.Folder, options.Models, options.LogLevel));
    }

    [Fact]
    public void Runners_of_one_storage_account_share_its_lanes_and_one_that_is_alone_can_say_so()
    {
        var cloud = Parse(new(Least) { ["WANTALK_STORAGE"] = "azure" });
        Assert.True(cloud.SharesLanes);
        Assert.True(cloud.LeaseSeconds > 3 * cloud.HeartbeatSeconds && cloud.HeartbeatSeconds > new RunnerOptions { Home = cloud.Home }.HeartbeatSeconds);
        Assert.True(cloud.LeaseSeconds < new Core.Orchestration.WaitRules().StaleHeartbeatSeconds);
        Assert.False(Parse(new(Least) { ["WANTALK_STORAGE"] = "azure", ["WANTALK_SHARED_LANES"] = "false" }).SharesLanes);
    }

    [Fact]
    public void A_runner_of_the_media_lane_needs_no_engine() =>
        Assert.False(Parse(new() { ["WANTALK_HOME"] = "/h", ["WANTALK_LANES"] = "media" }).NeedsEngine);

    [Fact]
    public void The_command_line_wins()
    {
        var environment = new Dictionary<string, string>(Least)
        {
            ["WANTALK_LANES"] = "media",
            ["WANTALK_STORAGE"] = "azure",
            ["WANTALK_ENGINE_FOLDER"] = "/opt/ComfyUI",
        };
        var options = Parse(
            environment, "--home", "/mine", "--lanes", "media,sample", "--storage", "folder", "--shared-lanes", "true", "--until-signalled",
            "--engine-command", "understudy", "{port}");
        Assert.Equal(("/mine", StorageKind.Folder, true, true), (options.Home.Root, options.Storage, options.SharesLanes, options.UntilSignalled));
        Assert.Equal([Lane.Media, Lane.Sample], options.Lanes);
        Assert.Null(options.EngineUrl);
        Assert.Null(options.Engine.Folder);
    }

    [Theory]
    [InlineData("WANTALK_LANES", "media,gpu", "media, embed, sample")]
    [InlineData("WANTALK_LANES", ",", "media, embed, sample")]
    [InlineData("WANTALK_LANES", "0", "media, embed, sample")]
    [InlineData("WANTALK_PRESETS", "fastest", "fast")]
    [InlineData("WANTALK_STORAGE", "s3", "folder, azure")]
    [InlineData("WANTALK_PUBLISH", "ftp", "folder, r2")]
    [InlineData("WANTALK_WINDOW_SECONDS", "9", "10 to 86400")]
    [InlineData("WANTALK_WINDOW_SECONDS", "NaN", "10 to 86400")]
    [InlineData("WANTALK_COOLDOWN_SECONDS", "-1", "0 to 86400")]
    [InlineData("WANTALK_MEDIA_CONCURRENCY", "1.5", "1 to 16")]
    [InlineData("WANTALK_LEAST_VOICE_SECONDS", "61", "0 to 60")]
    [InlineData("WANTALK_HEALTH_LISTEN", "8081", "127.0.0.1:8081")]
    [InlineData("WANTALK_ENGINE_URL", "box", "http://box:8188")]
    [InlineData("WANTALK_ENGINE_COMMAND", "python 'main.py", "not closed")]
    [InlineData("WANTALK_SHARED_LANES", "yes", "true")]
    [InlineData("LOG_LEVEL", "verbose", "trace, debug, information, warning, error")]
    public void A_wrong_value_is_named_with_what_is_possible(string name, string value, string possible)
    {
        var error = Assert.Throws<TalkException>(() => Parse(new(Least) { [name] = value })).Error;
        Assert.Equal(ErrorCode.ArgumentInvalid, error.Code);
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(possible, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_value_is_none() => Assert.Equal(600, Parse(new(Least) { ["WANTALK_WINDOW_SECONDS"] = "" }).WindowSeconds);

    private static RunnerOptions Parse(Dictionary<string, string> environment, params string[] arguments) =>
        RunnerArguments.Parse(arguments, environment.GetValueOrDefault);
}
