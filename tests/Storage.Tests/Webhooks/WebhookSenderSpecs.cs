using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Errors;
using WanTalk.Core.Webhooks;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.Tests.Fetching;
using WanTalk.Storage.Webhooks;

namespace WanTalk.Storage.Tests.Webhooks;

/// <summary>What becomes of a call of a webhook, whoever answers it.</summary>
public sealed class WebhookSenderSpecs
{
    private const string Gone = "HTTP/1.1 410 Gone\nConnection: close\nContent-Length: 0\n\n";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public static TheoryData<string> Hostile => [.. HostileAddresses.All];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Nothing_is_connected_to(string address)
    {
        var network = HostileAddresses.Network();
        using var sender = new WebhookSender(new WebhookSenderOptions(), TimeProvider.System, network);

        var refused = await Assert.ThrowsAsync<TalkException>(() => sender.SendAsync(To(address), TestEnd));
        Assert.True(refused.Error.Code == ErrorCode.AddressForbidden, refused.Message);
        Assert.Empty(network.Connected);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_150_hostile_addresses_are_tried_on_inputs_and_webhooks_alike() => Assert.True(HostileAddresses.All.Distinct().Count() > 150);

    [Fact]
    public async Task A_name_that_changes_after_it_was_looked_at_leads_nowhere_else()
    {
        await using var server = new ScriptedServer(Gone);
        var network = new KnownNetwork(server.Port).With("rebind.example", ["9.9.9.9"], ["127.0.0.1"]);
        using var sender = new WebhookSender(new WebhookSenderOptions(), TimeProvider.System, network);

        Assert.Equal(410, (await sender.SendAsync(To("http://rebind.example/"), TestEnd)).Status);
        Assert.Equal(ErrorCode.AddressForbidden, (await Assert.ThrowsAsync<TalkException>(() => sender.SendAsync(To("http://rebind.example/"), TestEnd))).Error.Code);
        Assert.Equal("9.9.9.9", Assert.Single(network.Connected).ToString());
    }

    [Fact]
    public async Task A_host_that_the_operator_names_is_called_and_no_other_port_of_it()
    {
        await using var server = new ScriptedServer(Gone);
        await using var other = new ScriptedServer(Gone);
        using var sender = Sender(server.Host);

        Assert.Equal(new WebhookAnswer(410, "Answered 410."), await sender.SendAsync(To(server.Url().ToString()), TestEnd));
        await Assert.ThrowsAsync<TalkException>(() => sender.SendAsync(To(other.Url().ToString()), TestEnd));
        Assert.Equal(0, other.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 9999999999\n\n")]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n")]
    [InlineData("HTTP/1.1 200 OK\n\n")]
    public async Task An_answers_body_is_not_waited_for_however_long_it_is(string head)
    {
        await using var server = new ScriptedServer(async (_, stream, end) =>
        {
            await ScriptedServer.WriteAsync(stream, head);
            await Task.Delay(Timeout.Infinite, end);
        });
        using var sender = Sender(server.Host);
        Assert.Equal(200, (await sender.SendAsync(To(server.Url().ToString()), TestEnd)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\nX-Slow: ")]
    public async Task A_receiver_that_does_not_answer_in_time_has_not_answered(string begun)
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async (_, stream, end) =>
        {
            await ScriptedServer.WriteAsync(stream, begun);
            await Task.Delay(Timeout.Infinite, end);
        });
        using var sender = new WebhookSender(new WebhookSenderOptions { PrivateHosts = [server.Host] }, time);
        var call = sender.SendAsync(To(server.Url().ToString()), TestEnd);
        while (server.Requests == 0)
        {
            await Task.Delay(2, TestEnd);
        }

        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new WebhookAnswer(null, "No answer in 15 s."), await call);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\n")]
    [InlineData("HTTP/1.1 200")]
    public async Task Who_breaks_off_or_speaks_something_else_has_not_answered(string answer)
    {
        await using var server = new ScriptedServer(answer);
        using var sender = Sender(server.Host);
        var came = await sender.SendAsync(To(server.Url("/hook?key=s3cret").ToString()), TestEnd);
        Assert.Null(came.Status);
        Assert.DoesNotContain("s3cret", came.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_stops_does_not_say_that_the_receiver_was_slow()
    {
        await using var server = new ScriptedServer((_, _, end) => Task.Delay(Timeout.Infinite, end));
        using var sender = Sender(server.Host);
        using var host = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var call = sender.SendAsync(To(server.Url().ToString()), host.Token);
        await host.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(121)]
    [InlineData(double.NaN)]
    public void A_timeout_outside_its_range_is_named(double seconds) => Assert.Contains(
        "TimeoutSeconds",
        Assert.Throws<ArgumentException>(() => new WebhookSender(new WebhookSenderOptions { TimeoutSeconds = seconds }, TimeProvider.System)).Message,
        StringComparison.Ordinal);

    private static WebhookSender Sender(string host) => new(new WebhookSenderOptions { PrivateHosts = [host] }, TimeProvider.System);

    private static WebhookMessage To(string address) => new(new Uri(address), "id", DateTimeOffset.UnixEpoch, "v1,abc", "{}"u8.ToArray());
}
