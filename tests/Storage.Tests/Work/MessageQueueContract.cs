using WanTalk.Core.Work;

namespace WanTalk.Storage.Tests.Work;

/// <summary>What every queue promises. Each adapter's tests derive from it. Leases are whole seconds, the finest that clouds know.</summary>
public abstract class MessageQueueContract
{
    /// <summary>One whose end is waited for.</summary>
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>One that still holds when a busy machine comes to look.</summary>
    protected static readonly TimeSpan LongLease = TimeSpan.FromSeconds(60);

    protected abstract IMessageQueue Queue { get; }

    /// <summary>Another queue of the same store.</summary>
    protected abstract IMessageQueue OtherQueue { get; }

    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>Lets so much time go by, for the queue.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    [Theory]
    [InlineData("""{"talk":"t1","note":"größer 中"}""")]
    [InlineData("")]
    [InlineData("<message>&amp; \"]]>")]
    [InlineData("line\r\nline\n\r tab\t and spaces  ")]
    [InlineData("\u0001 control \u007f and \U0001f600")]
    [InlineData("eyJ0YWxrIjoidDEifQ==")]
    public async Task What_is_sent_is_received(string body)
    {
        await SendAsync(body);

        var message = await ReceiveAsync();
        Assert.Equal(body, message!.Body);
        Assert.Equal(1, message.DeliveryCount);
    }

    [Fact]
    public async Task An_empty_queue_gives_nothing()
    {
        Assert.Null(await ReceiveAsync());
        Assert.Equal(0, await Queue.CountAsync(TestEnd));
    }

    [Fact]
    public async Task A_leased_message_is_hidden_and_counted()
    {
        await SendAsync("a");
        await ReceiveAsync();

        Assert.Null(await ReceiveAsync());
        Assert.Equal(1, await Queue.CountAsync(TestEnd));
    }

    [Fact]
    public async Task A_message_comes_back_when_its_lease_ends_and_its_deliveries_are_counted()
    {
        await SendAsync("a");
        var first = await ReceiveAsync(Lease);
        await PassAsync(Lease);
        var second = await ReceiveAsync(Lease);
        await PassAsync(Lease);
        var third = await ReceiveAsync();

        Assert.Equal([1, 2, 3], new[] { first, second, third }.Select(message => message!.DeliveryCount));
        Assert.Equal([first!.Id, first.Id], new[] { second, third }.Select(message => message!.Id));
        Assert.Equal("a", third!.Body);
    }

    [Fact]
    public async Task A_deleted_message_never_comes_back()
    {
        await SendAsync("a");
        Assert.True(await Queue.DeleteAsync((await ReceiveAsync(Lease))!, TestEnd));
        await PassAsync(Lease);

        Assert.Null(await ReceiveAsync());
        Assert.Equal(0, await Queue.CountAsync(TestEnd));
    }

    [Fact]
    public async Task A_renewed_message_stays_hidden_and_is_not_a_new_delivery()
    {
        await SendAsync("a");
        var renewed = await Queue.RenewAsync((await ReceiveAsync(Lease))!, LongLease, TestEnd);
        await PassAsync(Lease);

        Assert.Null(await ReceiveAsync());
        Assert.Equal(1, renewed!.DeliveryCount);
        Assert.True(await Queue.DeleteAsync(renewed, TestEnd));
    }

    [Fact]
    public async Task A_receipt_from_before_a_renewal_is_worth_nothing()
    {
        await SendAsync("a");
        var old = await ReceiveAsync();
        var renewed = await Queue.RenewAsync(old!, LongLease, TestEnd);

        Assert.Null(await Queue.RenewAsync(old!, Lease, TestEnd));
        Assert.False(await Queue.DeleteAsync(old!, TestEnd));
        Assert.NotNull(await Queue.RenewAsync(renewed!, Lease, TestEnd));
    }

    [Fact]
    public async Task A_receiver_that_lost_its_lease_to_another_can_neither_renew_nor_delete()
    {
        await SendAsync("a");
        var loser = await ReceiveAsync(Lease);
        await PassAsync(Lease);
        var winner = await ReceiveAsync();

        Assert.Null(await Queue.RenewAsync(loser!, Lease, TestEnd));
        Assert.False(await Queue.DeleteAsync(loser!, TestEnd));
        Assert.True(await Queue.DeleteAsync(winner!, TestEnd));
    }

    [Fact]
    public async Task A_lease_that_ran_out_holds_until_another_takes_the_message()
    {
        await SendAsync("a");
        var message = await ReceiveAsync(Lease);
        await PassAsync(Lease);
        var renewed = await Queue.RenewAsync(message!, LongLease, TestEnd);

        Assert.Null(await ReceiveAsync());
        var again = await Queue.RenewAsync(renewed!, Lease, TestEnd);
        await PassAsync(Lease);
        Assert.True(await Queue.DeleteAsync(again!, TestEnd));
    }

    [Fact]
    public async Task A_lease_of_nothing_gives_the_message_back()
    {
        await SendAsync("a");
        var message = await ReceiveAsync();
        var givenBack = await Queue.RenewAsync(message!, TimeSpan.Zero, TestEnd);

        Assert.NotNull(givenBack);
        Assert.Equal(2, (await ReceiveAsync())!.DeliveryCount);
        Assert.False(await Queue.DeleteAsync(givenBack, TestEnd));
    }

    [Fact]
    public async Task Another_adapters_receipt_is_worth_nothing()
    {
        await SendAsync("a");
        var message = await ReceiveAsync();

        foreach (var receipt in (string[])["AgAAAAMAAAA=", "7", "not a receipt"])
        {
            Assert.Null(await Queue.RenewAsync(message! with { Receipt = receipt }, Lease, TestEnd));
            Assert.False(await Queue.DeleteAsync(message! with { Receipt = receipt }, TestEnd));
        }

        foreach (var id in (string[])["c0ffee", "7", $"{Guid.NewGuid()}"])
        {
            Assert.Null(await Queue.RenewAsync(message! with { Id = id }, Lease, TestEnd));
            Assert.False(await Queue.DeleteAsync(message! with { Id = id }, TestEnd));
        }

        Assert.True(await Queue.DeleteAsync(message!, TestEnd));
    }

    [Fact]
    public async Task Two_queues_do_not_mix()
    {
        await SendAsync("a");
        var mine = await ReceiveAsync();

        Assert.Equal(0, await OtherQueue.CountAsync(TestEnd));
        Assert.Null(await OtherQueue.ReceiveAsync(Lease, TimeSpan.Zero, TestEnd));
        Assert.Null(await OtherQueue.RenewAsync(mine!, Lease, TestEnd));
        Assert.False(await OtherQueue.DeleteAsync(mine!, TestEnd));
        Assert.True(await Queue.DeleteAsync(mine!, TestEnd));
    }

    [Fact]
    public async Task A_deleted_message_can_neither_be_renewed_nor_deleted_again()
    {
        await SendAsync("a");
        var message = await ReceiveAsync();
        await Queue.DeleteAsync(message!, TestEnd);

        Assert.Null(await Queue.RenewAsync(message!, Lease, TestEnd));
        Assert.False(await Queue.DeleteAsync(message!, TestEnd));
    }

    [Fact]
    public async Task A_receipt_is_worth_nothing_for_a_later_message()
    {
        await SendAsync("a");
        var first = await ReceiveAsync();
        await Queue.DeleteAsync(first!, TestEnd);
        await SendAsync("b");
        var second = await ReceiveAsync();

        Assert.NotEqual(first!.Id, second!.Id);
        Assert.False(await Queue.DeleteAsync(first, TestEnd));
        Assert.Equal(1, await Queue.CountAsync(TestEnd));
    }

    [Fact]
    public async Task A_delayed_message_is_counted_and_waits_for_its_time()
    {
        await Queue.SendAsync("much later", LongLease, TestEnd);
        Assert.Null(await ReceiveAsync());
        Assert.Equal(1, await Queue.CountAsync(TestEnd));
        await Queue.SendAsync("later", Lease, TestEnd);
        Assert.Equal(2, await Queue.CountAsync(TestEnd));
        await PassAsync(Lease);

        Assert.Equal("later", (await ReceiveAsync())!.Body);
    }

    [Fact]
    public async Task A_receiver_that_waits_gets_what_is_sent_meanwhile()
    {
        var receiving = Queue.ReceiveAsync(Lease, TimeSpan.FromMinutes(1), TestEnd);
        Assert.False(receiving.IsCompleted);
        await SendAsync("a");

        Assert.Equal("a", (await SoonAsync(receiving))!.Body);
    }

    [Fact]
    public async Task A_receiver_waits_no_longer_than_it_said()
    {
        var receiving = Queue.ReceiveAsync(Lease, Lease / 2, TestEnd);
        await PassAsync(Lease / 2);

        Assert.Null(await SoonAsync(receiving));
    }

    [Fact]
    public async Task A_receiver_that_waits_gets_a_message_whose_lease_ends()
    {
        await SendAsync("a");
        await ReceiveAsync(Lease);
        var receiving = Queue.ReceiveAsync(Lease, TimeSpan.FromMinutes(1), TestEnd);
        await PassAsync(Lease);

        Assert.Equal(2, (await SoonAsync(receiving))!.DeliveryCount);
    }

    [Fact]
    public async Task One_message_wakes_all_waiting_receivers_and_goes_to_one()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var receiving = Enumerable.Range(0, 8)
            .Select(_ => Queue.ReceiveAsync(TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), enough.Token)).ToArray();
        await SendAsync("a");
        Assert.NotNull(await SoonAsync(await Task.WhenAny(receiving).WaitAsync(TimeSpan.FromSeconds(50), TestEnd)));
        await PassAsync(Lease);
        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(receiving));
        Assert.Equal((1, 7), (receiving.Count(task => task.IsCompletedSuccessfully), receiving.Count(task => task.IsCanceled)));
    }

    [Fact]
    public async Task A_receiver_that_is_cancelled_stops_waiting_and_takes_nothing()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var receiving = Queue.ReceiveAsync(Lease, TimeSpan.FromMinutes(1), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        await SendAsync("a");
        Assert.NotNull(await ReceiveAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Queue.ReceiveAsync(Lease, TimeSpan.Zero, cancel.Token));
    }

    [Fact]
    public async Task Each_of_many_messages_goes_to_one_of_many_receivers()
    {
        var sent = Enumerable.Range(0, 40).Select(number => $"{number}").ToArray();
        await Task.WhenAll(sent.Select(SendAsync));

        var received = await Task.WhenAll(sent.Select(_ => Queue.ReceiveAsync(LongLease, TimeSpan.Zero, TestEnd)));

        Assert.Equal(sent.Order(), received.Select(message => message!.Body).Order());
        Assert.Null(await ReceiveAsync());
    }

    [Fact]
    public async Task The_largest_message_is_carried_and_a_larger_one_refused()
    {
        var largest = new string('ü', 24 * 1024);
        await SendAsync(largest);

        Assert.Equal(largest, (await ReceiveAsync())!.Body);
        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(largest + "x"));
        Assert.Equal(1, await Queue.CountAsync(TestEnd));
    }

    /// <summary>A receiver that should have been woken; one that was not fails instead of hanging.</summary>
    protected static Task<QueueMessage?> SoonAsync(Task<QueueMessage?> receiving) => receiving.WaitAsync(TimeSpan.FromSeconds(50), TestEnd);

    protected Task SendAsync(string body) => Queue.SendAsync(body, TimeSpan.Zero, TestEnd);

    protected Task<QueueMessage?> ReceiveAsync(TimeSpan? lease = null) => Queue.ReceiveAsync(lease ?? LongLease, TimeSpan.Zero, TestEnd);
}
