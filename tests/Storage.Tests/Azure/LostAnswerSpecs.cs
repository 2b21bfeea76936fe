using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Work;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>Requests that are done twice because their answer was lost, and writers that get into each other's way.</summary>
public sealed class LostAnswerSpecs(AzuriteFixture azurite)
{
    private static readonly ArtifactPath _record = new("talks/t1/take-00/0007.json");

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100)]
    [InlineData(200_000)]
    public async Task Who_won_is_told_so_even_when_the_first_answer_was_lost(int length)
    {
        var network = new BadNetwork();
        var store = await (await azurite.Server).Account(network.Change).NewStoreAsync(TestEnd);
        using var content = Bytes.Of(1, length);
        using var other = Bytes.Of(2, length);
        network.LoseAnswersTo(request => request.Method == RequestMethod.Put && !IsBlock(request));

        Assert.True(await store.TryCreateAsync(_record, content, TestEnd));
        Assert.Equal(1, network.Lost);
        Assert.False(await store.TryCreateAsync(_record, other, TestEnd));
        Assert.Equal(content.ToArray(), await store.TryReadAsync(_record.Value, TestEnd));
    }

    [Fact]
    public async Task Blocks_commits_and_deletes_may_be_repeated()
    {
        var network = new BadNetwork();
        var store = await (await azurite.Server).Account(network.Change).NewStoreAsync(TestEnd);
        using var content = Bytes.Of(1, 300_000);
        network.LoseAnswersTo(request => request.Method == RequestMethod.Put || request.Method == RequestMethod.Delete);

        await store.WriteAsync(_record, content, TestEnd);
        Assert.Equal(content.ToArray(), await store.TryReadAsync(_record.Value, TestEnd));
        await store.DeleteAsync(_record, TestEnd);
        Assert.Null(await store.GetPropertiesAsync(_record, TestEnd));
        Assert.Equal(7, network.Lost);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_write_that_another_overtook_has_lost_or_counts_as_written_before(bool createOnly)
    {
        var store = await (await azurite.Server).NewStoreAsync(TestEnd);
        using var winner = Bytes.Of(2, 150_000);
        await using var content = new HaltingStream(
            Bytes.Of(1, 300_000), async () => Assert.True(await store.TryCreateAsync(_record, winner, TestEnd)));

        if (createOnly)
        {
            Assert.False(await store.TryCreateAsync(_record, content, TestEnd));
        }
        else
        {
            await store.WriteAsync(_record, content, TestEnd);
        }

        Assert.Equal(winner.ToArray(), await store.TryReadAsync(_record.Value, TestEnd));
    }

    [Fact]
    public async Task A_long_write_whose_blocks_are_gone_without_another_content_fails()
    {
        var server = await azurite.Server;
        var store = await server.NewStoreAsync(TestEnd);
        await using var content = new HaltingStream(Bytes.Of(1, 300_000), async () =>
        {
            using var other = Bytes.Of(2, 150_000);
            await store.WriteAsync(_record, other, TestEnd);
            await store.DeleteAsync(_record, TestEnd);
        });

        var lost = await Assert.ThrowsAsync<IOException>(() => store.WriteAsync(_record, content, TestEnd));
        Assert.Contains("Write it again", lost.Message, StringComparison.Ordinal);
        Assert.Null(await store.GetPropertiesAsync(_record, TestEnd));
    }

    [Fact]
    public async Task A_reader_whose_artifact_was_replaced_does_not_go_on_in_another()
    {
        var store = await (await azurite.Server).NewStoreAsync(TestEnd);
        using var old = Bytes.Of(1, 300_000);
        using var replaced = Bytes.Of(2, 300_000);
        await store.WriteAsync(_record, old, TestEnd);
        await using var reading = (await store.OpenReadAsync(_record, TestEnd))!;
        await store.WriteAsync(_record, replaced, TestEnd);
        reading.Seek(200_000, SeekOrigin.Begin);

        await Assert.ThrowsAsync<IOException>(() => reading.ReadExactlyAsync(new byte[10], TestEnd).AsTask());
    }

    [Fact]
    public async Task A_receiver_that_gives_up_while_a_message_comes_to_it_gives_it_back()
    {
        // Its clock stands: what is under way when the receiver gives up has two seconds, which a busy machine may need more than.
        var network = new BadNetwork();
        var account = (await azurite.Server).Account(network.Change);
        var queue = (await account.NewQueuesAsync(TestEnd, new FakeTimeProvider())).ForLane(Lane.Sample);
        await queue.SendAsync("a", TimeSpan.Zero, TestEnd);
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        network.BeforeAnswersTo(request => request.Method == RequestMethod.Get, gaveUp.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => queue.ReceiveAsync(TimeSpan.FromDays(1), TimeSpan.FromDays(1), gaveUp.Token));
        Assert.Equal(2, (await queue.ReceiveAsync(TimeSpan.FromDays(1), TimeSpan.Zero, TestEnd))!.DeliveryCount);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_by_name_and_not_shown()
    {
        var server = await azurite.Server;
        var wrong = Convert.ToBase64String(new byte[64]);
        var parts = server.ConnectionString.Split(';')
            .Select(part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={wrong}" : part);
        var account = new AzureStorageAccount(new AzureStorageOptions { ConnectionString = string.Join(';', parts) });

        foreach (var work in (Func<Task>[])
            [() => account.NewStoreAsync(TestEnd), () => account.NewQueuesAsync(TestEnd)])
        {
            var refused = await Assert.ThrowsAsync<TalkException>(work);
            Assert.Equal(ErrorCode.StorageUnavailable, refused.Error.Code);
            Assert.Contains("refuses: Auth", refused.Error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(wrong, refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_container_or_a_queue_that_is_missing_is_no_missing_artifact()
    {
        var account = (await azurite.Server).Account();
        var store = new BlobArtifactStore(account, new BlobArtifactStoreOptions { Container = $"none-{Guid.NewGuid():n}" });
        var queues = new StorageWorkQueues(account, TimeProvider.System, new StorageQueueOptions { Prefix = $"none-{Guid.NewGuid():n}-" });

        foreach (var work in (Func<Task>[])
        [
            () => store.GetPropertiesAsync(_record, TestEnd),
            () => store.OpenReadAsync(_record, TestEnd),
            () => store.WriteAsync(_record, Stream.Null, TestEnd),
            () => store.ListAsync(new("talks"), TestEnd).ToListAsync(TestEnd).AsTask(),
            () => queues.Completions.SendAsync("a", TimeSpan.Zero, TestEnd),
            () => queues.Completions.ReceiveAsync(TimeSpan.FromSeconds(1), TimeSpan.Zero, TestEnd),
        ])
        {
            var missing = await Assert.ThrowsAsync<TalkException>(work);
            Assert.Equal(ErrorCode.StorageUnavailable, missing.Error.Code);
            Assert.Contains("is not there", missing.Error.Message, StringComparison.Ordinal);
        }
    }

    private static bool IsBlock(Request request) => request.Uri.Query.Contains("comp=block&", StringComparison.Ordinal);

    /// <summary>A network between client and account on which answers are lost, each request's at most once.</summary>
    private sealed class BadNetwork : HttpPipelinePolicy
    {
        private readonly HashSet<string> _lost = [];
        private Func<Request, bool> _loses = _ => false;
        private Func<Request, bool> _watches = _ => false;
        private Action _seen = () => { };

        internal int Lost => _lost.Count;

        internal void Change(ClientOptions options) => options.AddPolicy(this, HttpPipelinePosition.PerRetry);

        internal void LoseAnswersTo(Func<Request, bool> which) => _loses = which;

        internal void BeforeAnswersTo(Func<Request, bool> which, Action seen) => (_watches, _seen) = (which, seen);

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await ProcessNextAsync(message, pipeline);
            if (_watches(message.Request))
            {
                _seen();
            }

            if (_loses(message.Request) && _lost.Add(message.Request.ClientRequestId))
            {
                throw new IOException("The connection was reset.");
            }
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
    }
}
