using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Storage.Fetching;

namespace WanTalk.Storage.Tests.Fetching;

/// <summary>What becomes of an input whose address is allowed, and whose server may be anyone's.</summary>
public sealed class GuardedFetcherSpecs
{
    private const long Limit = 1 << 20;
    private const string Ok = "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 5\n\nhello";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_the_operator_names_is_fetched_from_and_no_other_port_of_it()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        await using var server = new ScriptedServer(async (_, stream, end) =>
        {
            await ScriptedServer.WriteAsync(stream, $"HTTP/1.1 200 OK\nConnection: close\nContent-Length: {content.Length}\n\n");
            await stream.WriteAsync(content, end);
        });
        await using var other = new ScriptedServer(Ok);
        using var fetcher = Fetcher(server.Host);
        using var target = new MemoryStream();

        Assert.Equal(new FetchResult(FetchOutcome.Fetched, 200, content.Length), await fetcher.FetchAsync(server.Url("/a?key=x"), target, Limit, TestEnd));
        Assert.Equal(content, target.ToArray());
        await FailsAsync(ErrorCode.AddressForbidden, fetcher, other.Url());
        Assert.Equal(0, other.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("FILES.example")]
    [InlineData("[::1]")]
    public async Task A_private_host_is_named_as_requests_name_it(string host)
    {
        await using var server = new ScriptedServer(Ok);
        using var fetcher = new GuardedFetcher(
            new FetchOptions { PrivateHosts = [host] }, TimeProvider.System, new KnownNetwork(server.Port).With("files.example", ["10.0.0.7"]));
        var result = await fetcher.FetchAsync(new Uri($"http://{host}:8443/"), new MemoryStream(), Limit, TestEnd);
        Assert.Equal(FetchOutcome.Fetched, result.Outcome);
        await FailsAsync(ErrorCode.AddressForbidden, fetcher, new Uri("http://10.0.0.7/"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("http://a")]
    [InlineData("user@a")]
    [InlineData("a:port")]
    [InlineData("a b")]
    public void An_entry_that_is_no_host_is_named_at_start(string entry)
    {
        var wrong = Assert.Throws<TalkException>(() => FetchOptions.FromEnvironment(_ => $"files.example, {entry}"));
        Assert.Equal(ErrorCode.ArgumentInvalid, wrong.Error.Code);
        Assert.Contains($"WANTALK_PRIVATE_HOSTS is wrong: '{entry}'", wrong.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://metadata.example/latest/")]
    [InlineData("//169.254.169.254/latest/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://user:password@127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://8.8.8.8/")]
    public async Task A_redirect_is_looked_at_like_the_first_address(string location)
    {
        await using var server = new ScriptedServer($"HTTP/1.1 302 Found\nLocation: {location}\nConnection: close\nContent-Length: 0\n\n");
        var network = new KnownNetwork(server.Port).With("front.example", ["9.9.9.9"]).With("metadata.example", ["169.254.169.254"]);
        using var fetcher = new GuardedFetcher(new FetchOptions(), TimeProvider.System, network);

        await FailsAsync(ErrorCode.AddressForbidden, fetcher, new Uri("http://front.example/"));
        Assert.Equal(IPAddress.Parse("9.9.9.9"), Assert.Single(network.Connected));
    }

    [Fact]
    public async Task A_name_that_changes_after_it_was_looked_at_leads_nowhere_else()
    {
        await using var server = new ScriptedServer(
            (path, stream, _) => ScriptedServer.WriteAsync(
                stream, path == "/first" ? "HTTP/1.1 307 On\nLocation: /second\nConnection: close\nContent-Length: 0\n\n" : Ok));
        var network = new KnownNetwork(server.Port).With("rebind.example", ["9.9.9.9"], ["127.0.0.1"]);
        using var fetcher = new GuardedFetcher(new FetchOptions(), TimeProvider.System, network);

        await FailsAsync(ErrorCode.AddressForbidden, fetcher, new Uri("http://rebind.example/first"));
        Assert.Equal(IPAddress.Parse("9.9.9.9"), Assert.Single(network.Connected));
        Assert.Equal(2, network.Resolved);
    }

    [Fact]
    public async Task Five_redirects_are_followed_and_not_a_sixth()
    {
        await using var server = new ScriptedServer((path, stream, _) => ScriptedServer.WriteAsync(
            stream, path == "/0" ? Ok : $"HTTP/1.1 301 On\nLocation: {int.Parse(path[1..]) - 1}\nConnection: close\nContent-Length: 0\n\n"));
        using var fetcher = Fetcher(server.Host);
        Assert.Equal(5, (await fetcher.FetchAsync(server.Url("/5"), new MemoryStream(), Limit, TestEnd)).Bytes);
        Assert.Equal(6, server.Requests);
        await FailsAsync(ErrorCode.AddressForbidden, fetcher, server.Url("/6"));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 9999999999\n\n")]
    [InlineData("HTTP/1.1 200 OK\nConnection: close\nTransfer-Encoding: chunked\n\n7\n1234567\n7\n1234567\n0\n\n")]
    [InlineData("HTTP/1.1 200 OK\nConnection: close\n\n12345678901")]
    public async Task What_is_larger_than_was_asked_for_is_not_read_to_its_end(string answer)
    {
        await using var server = new ScriptedServer(answer);
        using var fetcher = Fetcher(server.Host);
        using var target = new MemoryStream();
        Assert.Equal(FetchOutcome.TooLarge, (await fetcher.FetchAsync(server.Url(), target, 10, TestEnd)).Outcome);
        Assert.True(target.Length <= 10);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(304)]
    public async Task An_answer_that_stays_the_same_is_told_as_it_is(int status)
    {
        await using var server = new ScriptedServer($"HTTP/1.1 {status} No\nConnection: close\nContent-Length: 0\n\n");
        using var fetcher = Fetcher(server.Host);
        Assert.Equal(new FetchResult(FetchOutcome.Refused, status, 0), await fetcher.FetchAsync(server.Url(), new MemoryStream(), Limit, TestEnd));
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Oh\nConnection: close\nContent-Length: 0\n\n", "500")]
    [InlineData("HTTP/1.1 503 Later\nConnection: close\nContent-Length: 0\n\n", "503")]
    [InlineData("HTTP/1.1 429 Slowly\nConnection: close\nContent-Length: 0\n\n", "429")]
    [InlineData("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 10\n\n12345", "broke off")]
    [InlineData("HTTP/1.1 200 OK\nConnection: close\nTransfer-Encoding: chunked\n\n7\n1234567\n", "broke off")]
    [InlineData("HTTP/1.1 200", "broke off")]
    [InlineData("SSH-2.0-OpenSSH_9.2\n", "does not speak HTTP")]
    [InlineData("", "broke off")]
    public async Task What_may_work_later_is_unreachable(string answer, string reason)
    {
        await using var server = new ScriptedServer(answer);
        using var fetcher = Fetcher(server.Host);
        var failure = await FailsAsync(ErrorCode.InputUnreachable, fetcher, server.Url("/portrait.png?sig=secret"));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"http://{server.Host}/portrait.png could not be fetched", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.True(ErrorCatalog.CanRetry(failure.Error.Code));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_and_a_server_that_is_down_are_unreachable()
    {
        using var fetcher = new GuardedFetcher(
            new FetchOptions(), TimeProvider.System, new KnownNetwork().With("down.example", ["9.9.9.9", "9.9.9.10"]));
        Assert.Contains("not known", (await FailsAsync(ErrorCode.InputUnreachable, fetcher, new Uri("http://gone.example/"))).Message, StringComparison.Ordinal);
        Assert.Contains("connected", (await FailsAsync(ErrorCode.InputUnreachable, fetcher, new Uri("http://down.example/"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_refused()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var shaken = ShakeHandsAsync(listener, certificate);
        var host = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var fetcher = Fetcher(host);
        var failure = await FailsAsync(ErrorCode.InputUnreachable, fetcher, new Uri($"https://{host}/"));
        Assert.Contains("TLS", failure.Message, StringComparison.Ordinal);
        Assert.False(await shaken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\n")]
    [InlineData("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 10\n\n12345")]
    public async Task A_server_that_falls_silent_is_left(string answer)
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async (_, stream, end) =>
        {
            await ScriptedServer.WriteAsync(stream, answer);
            await Task.Delay(Timeout.Infinite, end);
        });
        using var fetcher = Fetcher(server.Host, time);
        var fetch = FailsAsync(ErrorCode.InputUnreachable, fetcher, server.Url());
        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), fetch);
        Assert.Contains("too slow or silent", (await fetch).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 29, "slow on the average")]
    [InlineData(60_000, 3, "too long as a whole")]
    public async Task A_server_that_always_sends_a_little_more_is_left(int bytes, int everySeconds, string why)
    {
        var time = new FakeTimeProvider();
        var more = new SemaphoreSlim(0);
        await using var server = new ScriptedServer(async (_, stream, end) =>
        {
            await ScriptedServer.WriteAsync(stream, "HTTP/1.1 200 OK\nConnection: close\n\n");
            while (true)
            {
                await stream.WriteAsync(new byte[bytes], end);
                await more.WaitAsync(end);
            }
        });
        using var fetcher = new GuardedFetcher(new FetchOptions { PrivateHosts = [server.Host], TotalSeconds = 120 }, time);
        using var target = new CountingStream();
        var fetch = FailsAsync(ErrorCode.InputUnreachable, fetcher, server.Url(), target);
        for (var sent = 1; !fetch.IsCompleted; sent++)
        {
            await Task.WhenAny(fetch, target.WaitForAsync(sent * (long)bytes));
            time.Advance(TimeSpan.FromSeconds(everySeconds));
            more.Release();
            Assert.True(sent < 1000, $"It was never {why}.");
        }

        Assert.Contains("too slow or silent", (await fetch).Message, StringComparison.Ordinal);
        Assert.InRange(target.Length, bytes, (120 / everySeconds + 2) * bytes);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_that_the_server_is_slow()
    {
        await using var server = new ScriptedServer((_, _, end) => Task.Delay(Timeout.Infinite, end));
        using var fetcher = Fetcher(server.Host);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var fetch = fetcher.FetchAsync(server.Url(), new MemoryStream(), Limit, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    /// <summary>It is patient in connecting, which HTTP measures by the machine's clock: a busy one may take long to shake hands.</summary>
    private static GuardedFetcher Fetcher(string host, TimeProvider? time = null) =>
        new(new FetchOptions { PrivateHosts = [host], ConnectSeconds = 120 }, time ?? TimeProvider.System);

    private static async Task<TalkException> FailsAsync(ErrorCode code, GuardedFetcher fetcher, Uri address, Stream? target = null)
    {
        var failure = await Assert.ThrowsAsync<TalkException>(() => fetcher.FetchAsync(address, target ?? new MemoryStream(), 1L << 30, TestEnd));
        Assert.True(failure.Error.Code == code, failure.ToString());
        return failure;
    }

    /// <summary>Lets time pass, a little for each little while of ours, until something has come of it.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, TimeSpan step, Task done)
    {
        while (!done.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(done, Task.Delay(2, TestEnd));
        }
    }

    private static async Task<bool> ShakeHandsAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestEnd);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            return await tls.ReadAsync(new byte[1], TestEnd) > 0;
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }
}
