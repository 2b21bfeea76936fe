using System.Diagnostics.Metrics;
using System.Net;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Core.Work;

namespace WanTalk.Api.Tests.Events;

/// <summary>Who watches a talk sees each change once, whatever happens to the connection, and keeps nothing busy when he has gone.</summary>
public sealed class WatchSpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_is_told_as_the_talk_itself_answers_it_and_the_end_is_the_last()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        using var watcher = await Watcher.OpenAsync(server, id);
        Assert.Equal("progress", (await watcher.NextEventAsync()).Name);

        var piece = await server.Host.ReachSamplingAsync(id, windows: 4);
        await server.Host.CommitAsync(id, 0, 1);
        var answered = await server.Http.GetStringAsync(new Uri($"/api/talks/{id}", UriKind.Relative), TestEnd);
        server.Host.Clock.Advance(Second);
        var (_, name, data) = await watcher.NextEventAsync();
        Assert.Equal(("progress", 2), (name, data.GetProperty("windows_done").GetInt32()));
        Assert.Equal(answered, data.GetRawText());
        Assert.EndsWith($"/api/talks/{id}/events", data.GetProperty("links").GetProperty("events").GetString(), StringComparison.Ordinal);

        await server.Host.FinishAsync(piece, ErrorCode.SpeechSilent);
        await server.Host.ErrorOfAsync(id);
        server.Host.Clock.Advance(Second);
        (var last, name, data) = await watcher.NextEventAsync();
        Assert.Equal(("end", "failed"), (name, data.GetProperty("status").GetString()));
        Assert.Empty(await watcher.NextAsync());

        // A browser comes again by itself, and would for ever.
        using var again = await Watcher.AskAsync(server, id, last);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task Who_comes_again_gets_nothing_that_he_had_and_at_once_what_he_missed()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        string first;
        using (var watcher = await Watcher.OpenAsync(server, id))
        {
            (first, _, _) = await watcher.NextEventAsync();
        }

        var piece = await server.Host.ReachSamplingAsync(id, windows: 4);
        string second;
        using (var watcher = await Watcher.OpenAsync(server, id, first))
        {
            (second, _, var data) = await watcher.NextEventAsync();
            Assert.Equal((0, 4), (data.GetProperty("windows_done").GetInt32(), data.GetProperty("windows_planned").GetInt32()));
        }

        // Nothing has changed until a window is done: that is the first that he is told.
        using var third = await Watcher.OpenAsync(server, id, second);
        await server.Host.CommitAsync(id, 0);
        await server.Host.BeatAsync(piece, window: 1, step: 2);
        server.Host.Clock.Advance(Second);
        var (_, _, next) = await third.NextEventAsync();
        Assert.Equal(1, next.GetProperty("windows_done").GetInt32());
    }

    [Fact]
    public async Task A_quiet_stream_gives_signs_of_life_and_is_closed_at_its_limit()
    {
        await using var server = await JobServer.StartAsync(watching: new() { MostSeconds = 40 });
        var id = await server.RunAsync();
        await server.Host.TakeAsync(Lane.Media);
        using var watcher = await Watcher.OpenAsync(server, id);
        var (last, _, _) = await watcher.NextEventAsync();
        for (var quiet = 0; quiet < 2; quiet++)
        {
            server.Host.Clock.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal([":"], await watcher.NextAsync());
        }

        server.Host.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await watcher.NextAsync());

        using var again = await Watcher.OpenAsync(server, id, last);
        server.Host.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal([":"], await again.NextAsync());
    }

    [Fact]
    public async Task A_stream_ends_with_its_watcher_and_with_the_server()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        using var ended = new SemaphoreSlim(0);
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "http.server.request.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "http.route", Value: string route } && route.EndsWith("/events", StringComparison.Ordinal))
                {
                    ended.Release();
                }
            }
        });
        meter.Start();
        using (var gone = await Watcher.OpenAsync(server, id))
        {
            await gone.NextEventAsync();
        }

        Assert.True(await ended.WaitAsync(TimeSpan.FromSeconds(30), TestEnd));

        using var watcher = await Watcher.OpenAsync(server, id);
        await watcher.NextEventAsync();
        var stopped = server.StopAsync();
        Assert.Empty(await watcher.NextAsync());
        await stopped;
    }

    [Fact]
    public async Task A_talk_of_another_is_not_there()
    {
        var (alice, bob) = (ApiKeys.New(), ApiKeys.New());
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(alice)},bob={ApiKeys.HashOf(bob)}"));
        server.Key = alice;
        var id = await server.RunAsync();
        using (var own = await Watcher.OpenAsync(server, id))
        {
            Assert.Equal(id, (await own.NextEventAsync()).Data.GetProperty("id").GetString());
        }

        server.Key = bob;
        await RefusedAsync(server, id, HttpStatusCode.NotFound);
        server.Key = null;
        await RefusedAsync(server, id, HttpStatusCode.Unauthorized);
    }

    private static async Task RefusedAsync(JobServer server, string id, HttpStatusCode status)
    {
        using var answer = await Watcher.AskAsync(server, id);
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }
}
