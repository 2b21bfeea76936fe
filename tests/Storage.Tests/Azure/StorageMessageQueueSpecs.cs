using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using WanTalk.Azurite;
using WanTalk.Core.Work;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Tests.Work;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>The contract, kept by Azure's queues, and what is between them and others who read them.</summary>
public sealed class StorageMessageQueueSpecs(AzuriteFixture azurite) : MessageQueueContract, IAsyncLifetime
{
    private readonly SeenRequests _requests = new();
    private StorageWorkQueues? _queues;

    protected override IMessageQueue Queue => _queues!.ForLane(Lane.Sample);

    protected override IMessageQueue OtherQueue => _queues!.ForLane(Lane.Embed);

    public async ValueTask InitializeAsync() => _queues = await (await azurite.Server).Account(_requests.Watch).NewQueuesAsync(TestEnd);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_storage_queue_trigger_with_its_default_encoding_reads_what_is_sent()
    {
        await SendAsync("""{"talk":"größer"}""");

        var message = (await (await TriggersClientAsync()).ReceiveMessageAsync(Lease, TestEnd)).Value;
        Assert.Equal("""{"talk":"größer"}""", message.Body.ToString());
        Assert.Equal(DateTimeOffset.MaxValue.Year, message.ExpiresOn!.Value.Year);
    }

    [Fact]
    public async Task A_message_that_was_put_there_by_hand_is_received_as_it_is()
    {
        var byHand = new QueueClient((await azurite.Server).ConnectionString, NameOf(Lane.Sample));
        await byHand.SendMessageAsync("""{"talk":"by hand"}""", TestEnd);

        var message = await ReceiveAsync();
        Assert.Equal("""{"talk":"by hand"}""", message!.Body);
        Assert.True(await Queue.DeleteAsync(message, TestEnd));
    }

    [Fact]
    public async Task Emptying_the_lanes_removes_hidden_messages_too_and_leaves_completions()
    {
        await SendAsync("a");
        var held = await ReceiveAsync();
        await SendAsync("b");
        await _queues!.Completions.SendAsync("done", TimeSpan.Zero, TestEnd);
        await _queues.EmptyLanesAsync(TestEnd);

        Assert.Equal(0, await Queue.CountAsync(TestEnd));
        Assert.Null(await Queue.RenewAsync(held!, Lease, TestEnd));
        Assert.Equal(1, await _queues.Completions.CountAsync(TestEnd));
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(1.5, 2)]
    public async Task A_part_of_a_second_is_a_whole_one(double seconds, int whole)
    {
        await SendAsync("a");
        Assert.NotNull(await Queue.ReceiveAsync(TimeSpan.FromSeconds(seconds), TimeSpan.Zero, TestEnd));

        Assert.Contains($"visibilitytimeout={whole}", _requests.LastQuery.TrimStart('?').Split('&'));
        await PassAsync(TimeSpan.FromSeconds(whole));
        Assert.NotNull(await ReceiveAsync());
    }

    // A timer may go off a moment before the clock of another process has come so far.
    protected override Task PassAsync(TimeSpan time) => Task.Delay(time + TimeSpan.FromMilliseconds(100), TestEnd);

    private async Task<QueueClient> TriggersClientAsync() => new(
        (await azurite.Server).ConnectionString, NameOf(Lane.Sample), new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private string NameOf(Lane lane) => ((StorageMessageQueue)_queues!.ForLane(lane)).Name;

    /// <summary>What the account is asked: how long a lease holds there cannot be seen by a clock on a busy machine.</summary>
    private sealed class SeenRequests : HttpPipelineSynchronousPolicy
    {
        internal string LastQuery { get; private set; } = "";

        internal void Watch(ClientOptions options) => options.AddPolicy(this, HttpPipelinePosition.PerCall);

        public override void OnSendingRequest(HttpMessage message) => LastQuery = message.Request.Uri.Query;
    }
}
