using System.Net;
using System.Text.Json;
using WanTalk.Api.Tests.RunPod;

namespace WanTalk.Api.Tests.Events;

/// <summary>A client that watches a talk, and comes again with what it had last.</summary>
internal sealed class Watcher : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private Watcher(HttpResponseMessage answer, Stream content) => (_answer, _lines) = (answer, new StreamReader(content));

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The answer to a request to watch.</summary>
    public static Task<HttpResponseMessage> AskAsync(JobServer server, string id, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(id));
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestEnd);
    }

    /// <summary>Where a talk's events are.</summary>
    public static Uri PathOf(string id) => new($"/api/talks/{id}/events", UriKind.Relative);

    /// <summary>Begins to watch; the server has said how soon to come again.</summary>
    public static async Task<Watcher> OpenAsync(JobServer server, string id, string? lastEventId = null)
    {
        var answer = await AskAsync(server, id, lastEventId);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        var watcher = new Watcher(answer, await answer.Content.ReadAsStreamAsync(TestEnd));
        Assert.Equal(["retry: 2000"], await watcher.NextAsync());
        return watcher;
    }

    /// <summary>The lines up to the next empty one; none when the server has closed.</summary>
    public async Task<IReadOnlyList<string>> NextAsync()
    {
        var lines = new List<string>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        patience.CancelAfter(Patience);
        try
        {
            while (await _lines.ReadLineAsync(patience.Token) is { Length: > 0 } line)
            {
                lines.Add(line);
            }
        }
        catch (OperationCanceledException) when (!TestEnd.IsCancellationRequested)
        {
            Assert.Fail($"The server told nothing more; the event so far: {string.Join(" | ", lines)}");
        }

        return lines;
    }

    /// <summary>The next event.</summary>
    public async Task<(string Id, string Name, JsonElement Data)> NextEventAsync()
    {
        var lines = await NextAsync();
        Assert.Equal(["id", "event", "data"], lines.Select(line => line.Split(": ")[0]));
        return (lines[0]["id: ".Length..], lines[1]["event: ".Length..], JsonDocument.Parse(lines[2]["data: ".Length..]).RootElement);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
