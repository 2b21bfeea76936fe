using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Sampling;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Sampling;

/// <summary>Which commit records are taken.</summary>
public sealed class WindowChainSpecs : IDisposable
{
    private readonly LaneBench _bench = new();
    private readonly WindowChain _chain;

    public WindowChainSpecs() => _chain = new WindowChain(_bench.Store, _bench.Paths, 0);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_window_that_grew_from_what_is_committed_is_taken_and_one_that_did_not_is_refused()
    {
        await AppendAsync(0, "a", "");
        await AppendAsync(1, "a", "checkpoint 0 of a");

        await RefusedAsync(2, "b", "checkpoint 1 of b");
        await RefusedAsync(2, "b", "");
        await RefusedAsync(5, "b", "checkpoint 4 of b");

        Assert.Equal(2, await _chain.FindNextAsync(0, LaneBench.Cancellation));
        await AppendAsync(2, "b", "checkpoint 1 of a");
    }

    [Fact]
    public async Task The_first_window_grows_from_nothing() => await RefusedAsync(0, "a", "checkpoint 3 of b");

    [Fact]
    public async Task Of_two_that_grew_from_the_same_checkpoint_the_first_stays()
    {
        await AppendAsync(0, "a", "");

        await RefusedAsync(0, "b", "");

        Assert.Equal("a", (await _chain.ReadAsync(0, LaneBench.Cancellation))!.Attempt);
    }

    [Fact]
    public async Task A_record_that_is_written_again_because_the_stores_answer_was_lost_is_no_conflict()
    {
        await AppendAsync(0, "a", "");
        await AppendAsync(0, "a", "");
    }

    [Fact]
    public async Task Of_runners_that_race_for_each_window_one_wins_each_and_the_chain_is_whole()
    {
        const int Windows = 40;
        var runners = Enumerable.Range(0, 4).Select(runner => Task.Run(async () =>
        {
            // A runner that loses begins again behind what is committed, as another attempt does.
            while (await _chain.FindNextAsync(0, LaneBench.Cancellation) is var window and < Windows)
            {
                var parent = window == 0 ? "" : (await _chain.ReadAsync(window - 1, LaneBench.Cancellation))!.Checkpoint.Sha256;
                while (window < Windows && await Record.ExceptionAsync(() => AppendAsync(window, $"r{runner}", parent)) is null)
                {
                    parent = $"checkpoint {window++} of r{runner}";
                }
            }
        }));
        await Task.WhenAll(runners);

        var parent = "";
        for (var window = 0; window < Windows; window++)
        {
            var record = (await _chain.ReadAsync(window, LaneBench.Cancellation))!;
            Assert.Equal(parent, record.ParentSha256);
            parent = record.Checkpoint.Sha256;
        }
    }

    private Task AppendAsync(int window, string attempt, string parent) => _chain.AppendAsync(
        new CommitRecord(
            window, attempt, 72, new StoredFile("segment", 1, "s"), new StoredFile("checkpoint", 1, $"checkpoint {window} of {attempt}"), parent, 1),
        LaneBench.Cancellation);

    private async Task RefusedAsync(int window, string attempt, string parent)
    {
        var refused = await Assert.ThrowsAsync<TalkException>(() => AppendAsync(window, attempt, parent));
        Assert.Equal(ErrorCode.CommitConflict, refused.Error.Code);
    }
}
