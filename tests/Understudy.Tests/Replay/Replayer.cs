using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>
/// Plays the client's side of a recording against a server and compares what comes back. An action waits for the messages that the
/// recorded client had by then, not for its time.
/// </summary>
public sealed class Replayer : IAsyncDisposable
{
    private readonly Recording _recording;
    private readonly ReplayedServer _server;
    private readonly IReadOnlyCollection<string> _skippedNotes;
    private readonly HttpClient _http;
    private readonly RequestBuilder _requests;
    private readonly AnswerComparison _answers;
    private readonly Mask _mask;
    private readonly Dictionary<string, ReplaySocket> _sockets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _skippedPrompts = new(StringComparer.Ordinal);
    private ReplaySocket? _unread;

    /// <param name="recording">What to play.</param>
    /// <param name="server">Who answers.</param>
    /// <param name="skippedNotes">Requests that are not made, by the beginning of their names.</param>
    /// <param name="otherBodies">Requests of whose answers the bodies are not compared, by their names.</param>
    public Replayer(
        Recording recording, ReplayedServer server, IReadOnlyCollection<string> skippedNotes, IReadOnlyCollection<string> otherBodies)
    {
        (_recording, _server, _skippedNotes) = (recording, server, skippedNotes);
        _mask = new Mask { Root = server.Folder };
        _http = new HttpClient { BaseAddress = server.Address };
        _requests = new RequestBuilder(recording, _mask, server.Address);
        _answers = new AnswerComparison(_mask, otherBodies);
    }

    /// <summary>Requests, by the beginning of their names, whose answer is compared but not how their prompt runs.</summary>
    public IReadOnlyCollection<string> OtherRuns { get; init; } = [];

    /// <summary>Every difference that was found.</summary>
    public List<string> Differences { get; } = [];

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        var entries = _recording.Entries;
        for (var i = 0; i < entries.Count; i++)
        {
            if (Recording.IsNote(entries[i]))
                await HappenAsync(i, cancellationToken);
            else if ((int?)entries[i]["close_code"] == 1006)
                await BreakOffAsync((string)entries[i]["conn"]!, cancellationToken);
            else if (Recording.IsOfClient(entries[i]))
                await ActAsync(i, cancellationToken);
        }
        await CatchUpAsync(entries.Count, cancellationToken);
        CompareMessages();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, socket) in _sockets)
            await socket.DisposeAsync();
        if (_unread is not null)
            await _unread.DisposeAsync();
        _http.Dispose();
    }

    private async Task HappenAsync(int index, CancellationToken cancellationToken)
    {
        var note = (string)_recording.Entries[index]["text"]!;
        if (_open.Count > 0)
            await CatchUpAsync(index, cancellationToken);
        if (!await _server.HappenAsync(note) && note.Contains("the stalled socket is closed", StringComparison.Ordinal))
        {
            await _unread!.DisposeAsync();
            _unread = null;
        }
    }

    private async Task BreakOffAsync(string socket, CancellationToken cancellationToken)
    {
        if (!await _sockets[socket].BrokenOffAsync(cancellationToken))
            Differences.Add($"socket {socket} was closed in order, and was broken off in the recording");
        _open.Remove(socket);
    }

    private async Task ActAsync(int index, CancellationToken cancellationToken)
    {
        var entry = _recording.Entries[index];
        if (_skippedNotes.Any(note => Recording.NameOf(entry).StartsWith(note, StringComparison.Ordinal)))
        {
            _skippedPrompts.Add((string?)(_recording.AnswerTo(entry)["json"] as JsonObject)?["prompt_id"] ?? "");
            return;
        }
        await CatchUpAsync(index, cancellationToken);
        if (Recording.IsHttp(entry))
            await RequestAsync(index, cancellationToken);
        else
            await SocketAsync(index, cancellationToken);
    }

    private async Task SocketAsync(int index, CancellationToken cancellationToken)
    {
        var entry = _recording.Entries[index];
        var name = (string)entry["conn"]!;
        switch ((string?)entry["event"])
        {
            case "open":
                if (_skippedPrompts.Count > 0)
                    IgnorePromptsBefore(index);
                _sockets[name] = await ReplaySocket.OpenAsync(AddressOf((string)entry["path"]!), cancellationToken);
                _open.Add(name);
                break;
            case "close":
                // A socket is named again after it was reopened ("x" closes "x#2" in some recordings).
                await _sockets[name].CloseAsync();
                _open.Remove(name);
                break;
            default:
                await _sockets[name].SendAsync(entry["json"]?.ToJsonString() ?? (string)entry["body"]!, cancellationToken);
                break;
        }
    }

    private Uri AddressOf(string path) => new UriBuilder(new Uri(_server.Address, path)) { Scheme = "ws" }.Uri;

    /// <summary>Where prompts were skipped, a socket that opens behind them may hear more or less of those that are still queued.</summary>
    private void IgnorePromptsBefore(int index)
    {
        foreach (var earlier in _recording.Entries.Take(index))
        {
            if ((string?)(earlier["json"] as JsonObject)?["prompt_id"] is { } prompt)
                _skippedPrompts.Add(prompt);
        }
    }

    private async Task RequestAsync(int index, CancellationToken cancellationToken)
    {
        var request = _recording.Entries[index];
        var (name, recorded) = (Recording.NameOf(request), _recording.AnswerTo(request));
        if (name.EndsWith("reads nothing from now on", StringComparison.Ordinal))
            _unread = await ReplaySocket.OpenUnreadAsync(AddressOf($"/ws?clientId={request["json"]!["client_id"]}"), cancellationToken);
        if (recorded["error"] is not null)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => _http.SendAsync(_requests.Build(request), cancellationToken));
            return;
        }
        var wanted = _answers.Recorded(recorded, name);
        var isRead = (string?)request["method"] is "GET" or "HEAD";
        for (var attempt = 0; ; attempt++)
        {
            using var message = _requests.Build(request);
            using var response = await _http.SendAsync(message, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var json = recorded["json"] is null ? null : TryParse(body);
            if (PromptIn(recorded["json"]) is { } recordedId && PromptIn(json) is { } replayedId)
            {
                _mask.Learn(recordedId, replayedId);
                if (OtherRuns.Any(note => name.StartsWith(note, StringComparison.Ordinal)))
                    _skippedPrompts.Add(recordedId);
            }
            if ((string?)recorded["headers"]?["ETag"] is { } tag && response.Headers.ETag is { } given)
                _mask.LearnTag(tag, given.ToString());
            var found = _answers.Replayed(response, body, json, recorded, name);
            // What is read may still be on its way.
            if (found != wanted && isRead && attempt < 100)
            {
                await Task.Delay(30, cancellationToken);
                continue;
            }
            if (found != wanted)
                Differences.Add($"#{index} {name}\n  recorded {wanted}\n  replayed {found}");
            _server.Answered(name);
            return;
        }
    }

    /// <summary>Waits until every open socket has as many messages as the recorded one had before an entry.</summary>
    private async Task CatchUpAsync(int before, CancellationToken cancellationToken)
    {
        foreach (var name in _open)
        {
            var recorded = _recording.Heard(name, before).FindAll(IsAwaited);
            for (var attempt = 0; attempt < 300 && !HasReached(_sockets[name].All.FindAll(IsAwaited), recorded); attempt++)
                await Task.Delay(20, cancellationToken);
            if (SessionIn(recorded) is { } session && SessionIn(_sockets[name].All) is { } given)
                _mask.Learn(session, given);
        }
    }

    /// <summary>As many compared messages; and if the recorded client had seen progress behind them, then progress behind them here.</summary>
    private static bool HasReached(List<JsonObject> received, List<JsonObject> recorded)
    {
        var wanted = recorded.Count(ReplaySocket.IsCompared);
        var compared = 0;
        var at = received.FindIndex(message => ReplaySocket.IsCompared(message) && ++compared == wanted);
        if (wanted > 0 && at < 0)
            return false;
        var inProgress = recorded.Count > 0 && (string?)recorded[^1]["type"] == "progress";
        return !inProgress
            || compared < received.Count(ReplaySocket.IsCompared)
            || received.Skip(at + 1).Any(message => (string?)message["type"] == "progress");
    }

    private void CompareMessages()
    {
        var comparison = new MessageComparison(_mask);
        var everything = _recording.Name.StartsWith("a2_", StringComparison.Ordinal);
        foreach (var (name, socket) in _sockets)
        {
            var recorded = _recording.Heard(name, _recording.Entries.Count).FindAll(IsAwaited);
            var replayed = socket.All.FindAll(IsAwaited);
            Differences.AddRange(comparison.Compare(name, recorded, replayed, withStatus: _skippedPrompts.Count == 0, everything));
        }
    }

    /// <summary>Where requests were skipped, neither their prompts' messages are there nor the queue's changes that they made.</summary>
    private bool IsAwaited(JsonObject message) =>
        !ReplaySocket.IsCompared(message)
        || _skippedPrompts.Count == 0
        || ((string?)message["data"]?["prompt_id"] is { } prompt && !_skippedPrompts.Contains(_mask.RecordedIdOf(prompt)));

    private static string? PromptIn(JsonNode? answer) => (string?)(answer as JsonObject)?["prompt_id"];

    private static string? SessionIn(List<JsonObject> messages) => (string?)messages.FirstOrDefault()?["data"]?["sid"];

    private static JsonNode? TryParse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
