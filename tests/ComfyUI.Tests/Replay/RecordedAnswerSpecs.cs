using System.Net;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Recorded answers to other requests, and to bad ones.</summary>
public sealed class RecordedAnswerSpecs
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_server_says_of_itself_is_read()
    {
        var recording = Recording.Load("h_info");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();

        server.Expect(Exchange(recording, "GET", "/system_stats"));
        var stats = await client.GetSystemStatsAsync(Stop);
        Assert.Equal("0.10.0", stats.Version);
        Assert.Equal("cpu", Assert.Single(stats.Devices).Type);

        server.Expect(Exchange(recording, "GET", "/object_info"));
        Assert.True((await client.GetObjectInfoAsync(Stop)).ContainsKey("VHS_VideoCombine"));

        server.Expect(Exchange(recording, "POST", "/free"));
        await client.FreeAsync(Stop);
        server.Expect(recording.Exchanges.Last(exchange => exchange.Path == "/free"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await Assert.ThrowsAsync<ComfyException>(() => client.FreeAsync(Stop))).Status);
    }

    [Fact]
    public async Task A_route_that_is_not_there_is_told_from_an_error()
    {
        var recording = Recording.Load("k_bad_requests");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();

        server.Expect(Exchange(recording, "GET", "/nope"));
        Assert.Null(await client.GetWanTalkInfoAsync(Stop));

        server.Expect(Exchange(recording, "POST", "/nope"));
        var error = await Assert.ThrowsAsync<ComfyException>(() => client.ReleaseAsync("wantalk/t", Stop));
        Assert.Equal((ComfyErrorKind.Refused, HttpStatusCode.MethodNotAllowed), (error.Kind, error.Status));
    }

    [Fact]
    public async Task A_server_that_has_no_socket_there_costs_the_messages_only()
    {
        var recording = Recording.Load("i4_late_connect");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        server.RefusesSockets = true;
        server.Expect(server.First);

        Assert.True((await client.RunPromptAsync(server.First.GraphCopy(), cancellationToken: Stop)).Succeeded);
        Assert.Empty(server.ClientIds);
    }

    private static RecordedExchange Exchange(Recording recording, string method, string path) =>
        recording.Exchanges.First(exchange => exchange.Method == method && exchange.Path == path);
}
