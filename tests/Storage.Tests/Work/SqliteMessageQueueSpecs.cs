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
    }

    protected override IMessageQueue Queue { get; }

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
        await ReceiveAsync();
        _time.Advance(Lease);

        Assert.Equal(["a", "b", "c"], [await NextAsync(), await NextAsync(), await NextAsync()]);
    }

    [Fact]
    public async Task Queues_of_one_file_do_not_mix()
    {
        await SendAsync("a");
        var mine = await ReceiveAsync();
        var other = _queues.Get("embed");

        Assert.Equal(0, await other.CountAsync(TestEnd));
        Assert.Null(await other.ReceiveAsync(Lease, TimeSpan.Zero, TestEnd));
        Assert.Null(await other.RenewAsync(mine!, Lease, TestEnd));
        Assert.False(await other.DeleteAsync(mine!, TestEnd));
        Assert.True(await Queue.DeleteAsync(mine!, TestEnd));
    }

    [Fact]
    public async Task A_lease_that_ran_out_holds_until_another_takes_the_message()
    {
        await SendAsync("a");
        var message = await ReceiveAsync();
        _time.Advance(2 * Lease);
        var renewed = await Queue.RenewAsync(message!, Lease, TestEnd);

        Assert.Null(await ReceiveAsync());
        _time.Advance(Lease);
        Assert.True(await Queue.DeleteAsync(renewed!, TestEnd));
    }

    [Fact]
    public async Task What_is_sent_in_the_same_process_wakes_a_receiver_with_no_time_passing()
    {
        var receiving = Queue.ReceiveAsync(Lease, TimeSpan.FromHours(1), TestEnd);
        await SendAsync("a");

        Assert.Equal("a", (await SoonAsync(receiving))!.Body);
    }

    [Fact]
    public async Task One_message_wakes_all_waiting_receivers_and_goes_to_one()
    {
        var receiving = Enumerable.Range(0, 8).Select(_ => Queue.ReceiveAsync(TimeSpan.FromDays(1), TimeSpan.FromSeconds(1), TestEnd)).ToArray();
        await SendAsync("a");
        Assert.NotNull(await SoonAsync(await Task.WhenAny(receiving).WaitAsync(TimeSpan.FromSeconds(50), TestEnd)));
        while (!receiving.All(task => task.IsCompleted))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Single(await Task.WhenAll(receiving), message => message is not null);
    }

    [Fact]
    public async Task A_waiting_receiver_gets_a_message_whose_lease_ends()
    {
        await SendAsync("a");
        await ReceiveAsync();
        var receiving = Queue.ReceiveAsync(Lease, TimeSpan.FromHours(1), TestEnd);
        _time.Advance(Lease);

        Assert.Equal(2, (await SoonAsync(receiving))!.DeliveryCount);
    }

    [Fact]
    public async Task A_receiver_waits_no_longer_than_it_said()
    {
        var receiving = Queue.ReceiveAsync(Lease, TimeSpan.FromSeconds(5), TestEnd);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await SoonAsync(receiving));
    }

    [Fact]
    public async Task Another_adapters_receipt_is_worth_nothing()
    {
        await SendAsync("a");
        var message = await ReceiveAsync();

        Assert.Null(await Queue.RenewAsync(message! with { Receipt = "AgAAAAMAAAA=" }, Lease, TestEnd));
        Assert.False(await Queue.DeleteAsync(message with { Id = "c0ffee" }, TestEnd));
    }

    [Fact]
    public async Task Messages_outlive_the_program()
    {
        await SendAsync("a");
        await ReceiveAsync();
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
