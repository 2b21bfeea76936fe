using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
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

    public async ValueTask InitializeAsync() => _bench = await StageBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Vocals_that_are_no_numbers_are_refused_once_and_not_stored()
    {
        await _bench.ArmAsync(new { kind = "nan_vocals" });

        await RefusedAsync(ErrorCode.AudioInvalid, Stage.Separate, "no numbers", "Give a recording in which somebody speaks");

        Assert.DoesNotContain("vocals.flac", await _bench.ArtifactsAsync());
        Assert.Equal(1, await _bench.CountPromptsAsync());
        await _bench.RunAsync(Stage.Separate);
        Assert.Contains("vocals.flac", await _bench.ArtifactsAsync());
    }

    [Theory]
    [InlineData(-VocalsCheck.Tolerance - 100, "last 4 s where the speech lasts 3.978 s")]
    [InlineData(VocalsCheck.Tolerance + 100, "last 4 s where the speech lasts 4.022 s")]
    public async Task Vocals_of_another_length_than_the_speech_are_refused_and_not_stored(long samples, string because)
    {
        await _bench.ChangeAsync<MediaFacts>(_bench.Paths.Media, media => media with { SpeechSamples = media.SpeechSamples + samples });

        await RefusedAsync(ErrorCode.EngineOutputInvalid, Stage.Separate, because, "Update audio-separation-nodes-comfyui");

        Assert.DoesNotContain("vocals.flac", await _bench.ArtifactsAsync());
    }

    [Fact]
    public async Task Vocals_that_cannot_be_decoded_are_refused()
    {
        using var folder = new TemporaryFile();
        await File.WriteAllTextAsync(folder.Path, "no recording", TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<TalkException>(() =>
            VocalsCheck.DemandAsync(folder.Path, 1000, new FfmpegOptions(), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.EngineOutputInvalid, failure.Error.Code);
        Assert.Contains("cannot be decoded", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_embedding_of_another_length_is_refused_and_nothing_of_it_counts()
    {
        await _bench.RunAsync(Stage.Separate);
        await _bench.ArmAsync(new { kind = "short_embedding" });

        await RefusedAsync(ErrorCode.ConditioningInvalid, Stage.Embed, "152 frames where 153 were expected");
        Assert.DoesNotContain(await _bench.ArtifactsAsync(), name => name.StartsWith("conditioning/", StringComparison.Ordinal));

        // The engine's node pack makes whole windows of what is asked for; the runner wants what it asked for.
        await _bench.ChangeAsync<TalkPlan>(_bench.Paths.Plan, plan => plan with { EmbeddedFrames = 150 });
        await RefusedAsync(ErrorCode.ConditioningInvalid, Stage.Embed, "153 rows from frame 0 on, of 153, where 150 were asked for", "Update WanTalk's node pack");
        Assert.DoesNotContain(await _bench.ArtifactsAsync(), name => name.Contains("audio-0", StringComparison.Ordinal));
        Assert.False(await _bench.Store.ExistsAsync(_bench.Paths.Conditioning, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_black_window_is_made_once_more_by_an_engine_that_was_started_anew()
    {
        await _bench.RunAsync(Stage.Separate);
        await _bench.RunAsync(Stage.Embed);
        // The fault would strike twice; an engine that is started anew does not know of it.
        await _bench.ArmAsync(new { kind = "black_window", window = 1, count = 2 });

        var report = await _bench.RunAsync(Stage.Sample, new Piece(0, 0, StageBench.Windows));

        Assert.Equal(StageBench.Windows, report.NextWindow);
        var first = await _bench.Store.ReadJsonAsync<CommitRecord>(_bench.Paths.Commit(0, 0), TestContext.Current.CancellationToken);
        var second = await _bench.Store.ReadJsonAsync<CommitRecord>(_bench.Paths.Commit(0, 1), TestContext.Current.CancellationToken);
        Assert.NotEqual(first.Attempt, second.Attempt);
        Assert.Equal(first.Checkpoint.Sha256, second.ParentSha256);
    }

    private async Task RefusedAsync(ErrorCode code, Stage stage, params string[] because)
    {
        var failure = await Assert.ThrowsAsync<TalkException>(() => _bench.RunAsync(stage));
        Assert.Equal(code, failure.Error.Code);
        Assert.All(because, words => Assert.Contains(words, failure.Error.Message, StringComparison.Ordinal));
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
