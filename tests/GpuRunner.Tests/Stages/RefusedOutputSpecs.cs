using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Tests.Stages;

/// <summary>What an engine makes wrongly ends its stage with a code that says so, and is not stored.</summary>
public sealed class RefusedOutputSpecs : IAsyncLifetime
{
    private StageBench _bench = null!;
    private SampledTalk _talk = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await StageBench.StartAsync("runner");
        _talk = await SampledTalk.CreateAsync(_bench.HomeOf("talk"), seconds: 4, new FrameSize(128, 128));
        await _bench.PlanAsync(_talk);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Vocals_that_are_no_numbers_are_refused_and_not_stored()
    {
        await _bench.ArmAsync(new { kind = "nan_vocals" });

        await RefusedAsync(ErrorCode.AudioInvalid, Stage.Separate, "no numbers", "Give a recording in which somebody speaks");

        Assert.False(await _talk.Store.ExistsAsync(_talk.Paths.Vocals, Cancellation));
        Assert.Equal(1, await _bench.CountPromptsAsync());
        await _bench.SucceedAsync(_talk, Stage.Separate);
        Assert.True(await _talk.Store.ExistsAsync(_talk.Paths.Vocals, Cancellation));
    }

    [Fact]
    public async Task Vocals_of_another_length_than_the_speech_are_refused_and_not_stored()
    {
        var media = await _talk.Store.ReadJsonAsync<MediaFacts>(_talk.Paths.Media, Cancellation);
        foreach (var (more, because) in ((long, string)[])
            [(-VocalsCheck.Tolerance - 100, "last 4 s where the speech lasts 3.978 s"), (VocalsCheck.Tolerance + 100, "last 4 s where the speech lasts 4.022 s")])
        {
            await _talk.Store.WriteJsonAsync(_talk.Paths.Media, media with { SpeechSamples = media.SpeechSamples + more }, Cancellation);

            await RefusedAsync(ErrorCode.EngineOutputInvalid, Stage.Separate, because, "Update audio-separation-nodes-comfyui");

            Assert.False(await _talk.Store.ExistsAsync(_talk.Paths.Vocals, Cancellation));
        }
    }

    [Fact]
    public async Task Vocals_that_cannot_be_decoded_are_refused()
    {
        var file = _bench.HomeOf("vocals.flac");
        await File.WriteAllTextAsync(file, "no recording", Cancellation);

        var failure = await Assert.ThrowsAsync<TalkException>(() => VocalsCheck.DemandAsync(file, 1000, new FfmpegOptions(), Cancellation));

        Assert.Equal(ErrorCode.EngineOutputInvalid, failure.Error.Code);
        Assert.Contains("cannot be decoded", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_embedding_of_another_length_is_refused_and_nothing_of_it_counts()
    {
        await _bench.SucceedAsync(_talk, Stage.Separate);
        await _bench.ArmAsync(new { kind = "short_embedding" });

        await RefusedAsync(ErrorCode.ConditioningInvalid, Stage.Embed, "152 frames where 153 were expected");

        // The engine's node pack makes whole windows of what it is asked for; the runner wants what it asked for.
        var plan = await _talk.PlanAsync();
        await _talk.Store.WriteJsonAsync(_talk.Paths.Plan, plan with { EmbeddedFrames = 150 }, Cancellation);
        await RefusedAsync(
            ErrorCode.ConditioningInvalid, Stage.Embed, "153 rows from frame 0 on, of 153, where 150 were asked for", "Update WanTalk's node pack");
        await foreach (var artifact in _talk.Store.ListAsync(_talk.Paths.Root / "conditioning", Cancellation))
        {
            Assert.Fail($"{artifact.Path} was kept.");
        }
    }

    [Fact]
    public async Task A_black_window_is_made_once_more_by_an_engine_that_was_started_anew()
    {
        await _bench.SucceedAsync(_talk, Stage.Separate);
        await _bench.SucceedAsync(_talk, Stage.Embed);
        // The fault would strike twice; an engine that is started anew does not know of it.
        await _bench.ArmAsync(new { kind = "black_window", window = 1, count = 2 });

        var result = await _bench.SucceedAsync(_talk, Stage.Sample, new Piece(0, 0, 2));

        Assert.Equal(2, result.NextWindow);
        var records = await _talk.RecordsAsync();
        Assert.NotEqual(records[0].Attempt, records[1].Attempt);
        Assert.Equal(records[0].Checkpoint.Sha256, records[1].ParentSha256);
    }

    private async Task RefusedAsync(ErrorCode code, Stage stage, params string[] because)
    {
        var result = await _bench.DoAsync(_talk, _talk.Attempt(stage));
        Assert.Equal(code, result.Error?.Code);
        Assert.All(because, words => Assert.Contains(words, result.Error!.Message, StringComparison.Ordinal));
    }
}
