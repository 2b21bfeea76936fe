using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Work;
using WanTalk.Storage.Local;

namespace WanTalk.Storage.Tests.Work;

/// <summary>The contract, kept by a SQLite file, and what only that promises.</summary>
public sealed class SqliteMessageQueueSpecs : MessageQueueContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SqliteMessageQueues _queues;

    public SqliteMessageQueueSpecs()
    {
        _queues = new SqliteMessageQueues(Path.Combine(_folder.Path, "below", "queues.db"), _time);
        Queue = _queues.Get("sample");
        OtherQueue = _queues.Get("embed");
    }

    protected override IMessageQueue Queue { get; }

    protected override IMessageQueue OtherQueue { get; }

    public void Dispose()
    {
        _queues.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_oldest_message_comes_first_even_when_it_comes_again()
    {
        await SendAsync("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync("b");
        await SendAsync("c");
        await ReceiveAsync(Lease);
        _time.Advance(Lease);

        Assert.Equal(["a", "b", "c"], [await NextAsync(), await NextAsync(), await NextAsync()]);
    }

    [Fact]
    public async Task What_is_sent_in_the_same_process_wakes_a_receiver_with_no_time_passing()
    {
        var receiving = Queue.ReceiveAsync(Lease, TimeSpan.FromHours(1), TestEnd);
        await SendAsync("a");

        Assert.Equal("a", (await SoonAsync(receiving))!.Body);
    }

    [Fact]
    public async Task Messages_outlive_the_program()
    {
        await SendAsync("a");
        await ReceiveAsync(Lease);
        _queues.Dispose();
        using var again = new SqliteMessageQueues(Path.Combine(_folder.Path, "below", "queues.db"), _time);

        Assert.Equal(1, await again.Get("sample").CountAsync(TestEnd));
        _time.Advance(Lease);
        Assert.Equal(2, (await again.Get("sample").ReceiveAsync(Lease, TimeSpan.Zero, TestEnd))!.DeliveryCount);
    }

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    private async Task<string> NextAsync() => (await ReceiveAsync())!.Body;
}
