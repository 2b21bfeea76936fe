using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>
/// Plays the client's side of a recording against a server and compares what comes back. An action waits for the messages that the
/// recorded client had by then, not for its time.
/// </summary>
public sealed class Replayer(Uri address, IReadOnlyCollection<string> skippedNotes) : IAsyncDisposable
{
    private static readonly string[] ComparedHeaders = ["Content-Type", "Content-Range", "Accept-Ranges", "Content-Disposition", "Allow"];
    private readonly HttpClient _http = new() { BaseAddress = address };
    private readonly Dictionary<string, ReplaySocket> _sockets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _skippedPrompts = new(StringComparer.Ordinal);
    private readonly Mask _mask = new();
    private List<JsonObject> _entries = [];

    /// <summary>Every difference that was found.</summary>
    public List<string> Differences { get; } = [];

    public async Task PlayAsync(string recording, CancellationToken cancellationToken)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "recordings", "transcripts", recording + ".json");
        _entries = [.. JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken))!.AsArray().Select(entry => (JsonObject)entry!)];
        for (var i = 0; i < _entries.Count; i++)
        {
            var entry = _entries[i];
            if ((string?)entry["dir"] != "c>s")
                continue;
            if (skippedNotes.Any(note => Named(entry).StartsWith(note, StringComparison.Ordinal)))
            {
                _skippedPrompts.Add((string?)(AnswerTo(i)["json"] as JsonObject)?["prompt_id"] ?? "");
                continue;
            }
            await CatchUpAsync(i, cancellationToken);
            if ((string?)entry["kind"] == "http")
                await RequestAsync(i, cancellationToken);
            else
                await SocketAsync(entry, cancellationToken);
        }
        await CatchUpAsync(_entries.Count, cancellationToken);
        CompareMessages();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, socket) in _sockets)
            await socket.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>How a request is named in the list of deliberate differences: by its note, or else by method and path.</summary>
    private static string Named(JsonObject entry) => (string?)entry["note"] ?? $"{entry["method"]} {entry["path"]}";

    private async Task SocketAsync(JsonObject entry, CancellationToken cancellationToken)
    {
        var name = (string)entry["conn"]!;
        switch ((string?)entry["event"])
        {
            case "open":
                if (_skippedPrompts.Count > 0)
                    IgnorePromptsBefore(entry);
                var socketAddress = new UriBuilder(new Uri(address, (string)entry["path"]!)) { Scheme = "ws" }.Uri;
                _sockets[name] = await ReplaySocket.OpenAsync(socketAddress, cancellationToken);
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

    /// <summary>Where prompts were skipped, a socket that opens behind them may hear more or less of those that are still queued.</summary>
    private void IgnorePromptsBefore(JsonObject entry)
    {
        foreach (var earlier in _entries.Take(_entries.IndexOf(entry)))
        {
            if ((string?)(earlier["json"] as JsonObject)?["prompt_id"] is { } prompt)
                _skippedPrompts.Add(prompt);
        }
    }

    private async Task RequestAsync(int index, CancellationToken cancellationToken)
    {
        var request = _entries[index];
        var recorded = AnswerTo(index);
        var wanted = Describe((int)recorded["status"]!, name => (string?)recorded["headers"]?[name], recorded["json"], recorded);
        var isRead = (string?)request["method"] is "GET" or "HEAD";
        for (var attempt = 0; ; attempt++)
        {
            using var message = Build(request);
            using var response = await _http.SendAsync(message, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var json = TryParse(body);
            if ((string?)(recorded["json"] as JsonObject)?["prompt_id"] is { } recordedId && (string?)(json as JsonObject)?["prompt_id"] is { } replayedId)
                _mask.Learn(recordedId, replayedId);
            var found = Describe((int)response.StatusCode, name => Header(response, name), recorded["json"] is null ? null : json, recorded);
            // What is read may still be on its way.
            if (found != wanted && isRead && attempt < 100)
            {
                await Task.Delay(30, cancellationToken);
                continue;
            }
            if (found != wanted)
                Differences.Add($"#{index} {Named(request)}\n  recorded {wanted}\n  replayed {found}");
            return;
        }
    }

    private JsonObject AnswerTo(int index) => _entries.Skip(index + 1).First(entry =>
        (string?)entry["kind"] == "http"
        && (string?)entry["dir"] == "s>c"
        && (string?)entry["path"] == (string?)_entries[index]["path"]
        && (string?)entry["method"] == (string?)_entries[index]["method"]);

    private string Describe(int status, Func<string, string?> header, JsonNode? json, JsonObject recorded)
    {
        var headers = string.Join(" ", ComparedHeaders
            .Where(name => recorded["headers"]?[name] is not null)
            .Select(name => $"{name}={Mask.WithoutPreview(header(name))?.Replace(" ", "", StringComparison.Ordinal)}"));
        return $"{status} {headers} {(recorded["json"] is null ? "" : _mask.Apply(json))}";
    }

    private HttpRequestMessage Build(JsonObject request)
    {
        var message = new HttpRequestMessage(new HttpMethod((string)request["method"]!), Mask.TranslatePreview(_mask.Translate((string)request["path"]!)));
        if (request["json"] is JsonNode json)
            message.Content = new StringContent(_mask.Translate(json.ToJsonString()), Encoding.UTF8, "application/json");
        else if (request["body"] is JsonNode body)
            message.Content = new StringContent((string)body!, Encoding.UTF8);
        else if (request["multipart"] is JsonArray fields)
            message.Content = Multipart(fields.Select(field => HeadAndBody((JsonObject)field!)), close: true);
        else if (request["parts"] is JsonArray parts)
            message.Content = Multipart(parts.Select(part => ((string)part!["head"]!, Encoding.UTF8.GetBytes((string)part["value"]!))), close: (string?)request["note"] != "missing final boundary");
        foreach (var (name, value) in request["headers"] as JsonObject ?? [])
        {
            if (name == "Content-Type" && request["parts"] is null && message.Content is not null)
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse((string)value!);
            else if (name is not ("Content-Type" or "Content-Length"))
                message.Headers.TryAddWithoutValidation(name, name == "Origin" && ((string)value!).Contains("127.0.0.1", StringComparison.Ordinal) ? address.GetLeftPart(UriPartial.Authority) : (string)value!);
        }
        return message;
    }

    /// <summary>The recorded client (aiohttp) percent-encodes the names of files; the bytes of the files are made up from their digest.</summary>
    private static (string Head, byte[] Body) HeadAndBody(JsonObject field)
    {
        var name = (string)field["name"]!;
        if ((string?)field["filename"] is not { } filename)
            return ($"Content-Disposition: form-data; name=\"{name}\"", Encoding.UTF8.GetBytes((string)field["value"]!));
        if (filename == "probe.png")
            return ($"Content-Type: image/png\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"", TalkInputs.Png(64, 48));
        var bytes = new byte[(int)field["bytes"]!];
        new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes((string)field["sha256"]!)))).NextBytes(bytes);
        return ($"Content-Type: {field["content_type"]}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{Uri.EscapeDataString(filename)}\"", bytes);
    }

    private static ByteArrayContent Multipart(IEnumerable<(string Head, byte[] Body)> parts, bool close)
    {
        using var body = new MemoryStream();
        foreach (var (head, bytes) in parts)
        {
            // The recording shows the bytes of the head as Latin-1.
            body.Write(Encoding.Latin1.GetBytes($"--x-boundary\r\n{head}\r\n\r\n"));
            body.Write(bytes);
            body.Write("\r\n"u8);
        }
        if (close)
            body.Write("--x-boundary--\r\n"u8);
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x-boundary");
        return content;
    }

    /// <summary>Waits until every open socket has as many messages as the recorded one had before an entry.</summary>
    private async Task CatchUpAsync(int before, CancellationToken cancellationToken)
    {
        foreach (var name in _open)
        {
            var recorded = OfSocket(name, before).FindAll(IsAwaited);
            for (var attempt = 0; attempt < 300 && !HasReached(_sockets[name].All.FindAll(IsAwaited), recorded); attempt++)
                await Task.Delay(20, cancellationToken);
            if ((string?)recorded.FirstOrDefault()?["data"]?["sid"] is { } session && (string?)_sockets[name].All.FirstOrDefault()?["data"]?["sid"] is { } given)
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
        return !inProgress || compared < received.Count(ReplaySocket.IsCompared) || received.Skip(at + 1).Any(message => (string?)message["type"] == "progress");
    }

    private List<JsonObject> OfSocket(string socket, int before) =>
        [.. _entries.Take(before)
            .Where(entry => (string?)entry["kind"] == "ws" && (string?)entry["dir"] == "s>c" && (string?)entry["conn"] == socket)
            .Select(entry => entry["json"])
            .OfType<JsonObject>()];

    private void CompareMessages()
    {
        foreach (var (name, socket) in _sockets)
        {
            var wanted = Ordered(OfSocket(name, _entries.Count).Where(IsWanted).Select(message => _mask.Apply(message)));
            var found = Ordered(socket.Received.Where(IsWanted).Select(message => _mask.Apply(message)));
            for (var i = 0; i < Math.Max(wanted.Count, found.Count); i++)
            {
                var (left, right) = (wanted.ElementAtOrDefault(i), found.ElementAtOrDefault(i));
                if (left == right)
                    continue;
                Differences.Add($"socket {name}, message {i} of {wanted.Count}/{found.Count}\n  recorded {left}\n  replayed {right}");
                break;
            }
        }
    }

    /// <summary>Where requests were skipped, neither their prompts' messages are there nor the queue's changes that they made.</summary>
    private bool IsWanted(JsonObject message) =>
        ReplaySocket.IsCompared(message)
        && (_skippedPrompts.Count == 0 || ((string?)message["data"]?["prompt_id"] is { } prompt && !_skippedPrompts.Contains(_mask.RecordedIdOf(prompt))));

    private bool IsAwaited(JsonObject message) => !ReplaySocket.IsCompared(message) || IsWanted(message);

    /// <summary>Between the beginning and the end of a prompt the order of output nodes varies, and others' status may come anywhere.</summary>
    private static List<string> Ordered(IEnumerable<string> messages)
    {
        var ordered = new List<string>();
        var inside = new List<string>();
        foreach (var message in messages)
        {
            var fence = message.Contains("\"type\":\"execution_", StringComparison.Ordinal);
            if (!fence)
            {
                inside.Add(message);
                continue;
            }
            ordered.AddRange(inside.Order(StringComparer.Ordinal));
            inside.Clear();
            ordered.Add(message);
        }
        ordered.AddRange(inside.Order(StringComparer.Ordinal));
        return ordered;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(",", values) : null;

    private static JsonNode? TryParse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
