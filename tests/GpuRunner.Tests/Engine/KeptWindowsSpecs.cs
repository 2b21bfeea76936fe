using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>Windows that an engine has finished are GPU time: a use that ends for a reason that is not theirs leaves them for the next.</summary>
public sealed class KeptWindowsSpecs : IAsyncLifetime
{
    private StageBench _runner = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _runner = await StageBench.StartAsync("runner");

    public ValueTask DisposeAsync() => _runner.DisposeAsync();

    [Theory]
    [InlineData(ErrorCode.StorageUnavailable, true)]
    [InlineData(ErrorCode.FramesInvalid, false)]
    public async Task They_stay_where_only_the_store_was_away(ErrorCode code, bool stay)
    {
        var window = "";
        var failure = await Assert.ThrowsAsync<TalkException>(() => _runner.Access.UseAsync(Piece(), async session =>
        {
            window = Path.Combine(_runner.HomeOf("engine"), "output", EngineSession.FolderOf(session.Talk, session.RunId), "w-0000.mkv");
            Directory.CreateDirectory(Path.GetDirectoryName(window)!);
            await File.WriteAllTextAsync(window, "a window", Cancellation);
            throw new TalkException(code, "It ended.");
        }, Cancellation));

        Assert.Equal((code, stay), (failure.Error.Code, File.Exists(window)));
        Assert.Equal(stay ? 1 : 0, EngineUse.Left(_runner.Home).Count);
    }

    private StageContext Piece()
    {
        var work = new WorkReference(TalkId.New(), Stage.Sample, "0-0-3", "0123abcd");
        return new StageContext(
            new AttemptRequest(work, new ReplyAddress("talk", "done-0123abcd"), new Piece(0, 0, 3)), TalkPaths.Of(work), _runner.HomeOf("scratch"),
            new AttemptProgress());
    }
}
