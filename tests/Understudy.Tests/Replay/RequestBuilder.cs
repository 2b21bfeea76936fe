using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>Makes the recorded requests again, and makes up what was trimmed of them.</summary>
public sealed partial class RequestBuilder(Recording recording, Mask mask, Uri address)
{
    private const string Boundary = "x-boundary";

    public HttpRequestMessage Build(JsonObject request)
    {
        var path = Mask.TranslatePreview(mask.Translate((string)request["path"]!));
        var message = new HttpRequestMessage(new HttpMethod((string)request["method"]!), path) { Content = ContentOf(request) };
        foreach (var (name, value) in request["headers"] as JsonObject ?? [])
        {
            if (name == "Content-Type" && request["parts"] is null && message.Content is not null)
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse((string)value!);
            else if (name == "Origin" && ((string)value!).Contains("127.0.0.1", StringComparison.Ordinal))
                message.Headers.TryAddWithoutValidation(name, address.GetLeftPart(UriPartial.Authority));
            else if (name is not ("Content-Type" or "Content-Length"))
                message.Headers.TryAddWithoutValidation(name, mask.TagFor((string)value!));
        }
        return message;
    }

    private ByteArrayContent? ContentOf(JsonObject request) => request switch
    {
        _ when request["json"] is JsonValue trimmed && Trimmed().Match(trimmed.ToString()) is { Success: true } match =>
            Json(MadeUp(request, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))),
        _ when request["json"] is { } json => Json(mask.Translate(json.ToJsonString())),
        _ when request["body"] is { } body => new StringContent((string)body!, Encoding.UTF8),
        _ when request["multipart"] is JsonArray fields => Multipart(fields.Select(field => HeadAndBody((JsonObject)field!)), close: true),
        _ when request["parts"] is JsonArray parts => Multipart(
            parts.Select(part => ((string)part!["head"]!, Encoding.UTF8.GetBytes((string)part["value"]!))),
            close: (string?)request["note"] != "missing final boundary"),
        _ => null,
    };

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>
    /// A body of which only the length is recorded: the same as an earlier one of that length; or the graph that history showed afterwards;
    /// or one that is as long, with as many nodes as its note tells.
    /// </summary>
    private string MadeUp(JsonObject request, int length)
    {
        var earlier = recording.Entries.TakeWhile(entry => entry != request).LastOrDefault(entry =>
            Recording.IsOfClient(entry) && entry["json"] is JsonObject body && PythonLength(body) == length);
        if (earlier is not null)
            return earlier["json"]!.ToJsonString();
        var id = (string)recording.AnswerTo(request)["json"]?["prompt_id"]!;
        var entry = recording.Entries
            .Select(entry => (entry["json"] as JsonObject)?[id ?? ""] as JsonObject)
            .FirstOrDefault(entry => entry is not null);
        if (entry?["prompt"] is JsonArray prompt)
        {
            var body = new JsonObject { ["prompt"] = prompt[2]!.DeepClone(), ["client_id"] = prompt[3]!["client_id"]?.DeepClone() };
            return body.ToJsonString();
        }
        var told = Nodes().Match(Recording.NameOf(request));
        var nodes = told.Success ? int.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture) : 2;
        return Large(nodes, length);
    }

    /// <summary>One node that others show, and a text that fills the body.</summary>
    private static string Large(int nodes, int length)
    {
        var graph = new JsonObject { ["10"] = Harness.Probe.Sleep(1, 0, 1)["10"]!.DeepClone() };
        for (var i = 1; i < nodes; i++)
            graph[$"{10 + i}"] = Harness.Probe.Node("ProbeOut", new() { ["image"] = new JsonArray("10", 0), ["text"] = "" });
        var body = new JsonObject { ["prompt"] = graph };
        var missing = length - body.ToJsonString().Length;
        graph["11"]!["inputs"]!["text"] = new string('x', missing);
        return body.ToJsonString();
    }

    /// <summary>The length as Python writes it: with a space after each comma and colon.</summary>
    private static int PythonLength(JsonNode? node) => node switch
    {
        null => 4,
        JsonObject members => 2 + (2 * Math.Max(0, members.Count - 1))
            + members.Sum(member => JsonValue.Create(member.Key).ToJsonString().Length + 2 + PythonLength(member.Value)),
        JsonArray items => 2 + (2 * Math.Max(0, items.Count - 1)) + items.Sum(PythonLength),
        _ => node.ToJsonString().Length,
    };

    /// <summary>The recorded client (aiohttp) percent-encodes the names of files.</summary>
    private static (string Head, byte[] Body) HeadAndBody(JsonObject field)
    {
        var name = (string)field["name"]!;
        if ((string?)field["filename"] is not { } filename)
            return ($"Content-Disposition: form-data; name=\"{name}\"", Encoding.UTF8.GetBytes((string)field["value"]!));
        var bytes = RecordedFiles.ForUpload(filename, (string)field["sha256"]!, (int)field["bytes"]!);
        var disposition = $"form-data; name=\"{name}\"; filename=\"{Uri.EscapeDataString(filename)}\"";
        return ($"Content-Type: {field["content_type"]}\r\nContent-Disposition: {disposition}", bytes);
    }

    private static ByteArrayContent Multipart(IEnumerable<(string Head, byte[] Body)> parts, bool close)
    {
        using var body = new MemoryStream();
        foreach (var (head, bytes) in parts)
        {
            // The recording shows the bytes of the head as Latin-1.
            body.Write(Encoding.Latin1.GetBytes($"--{Boundary}\r\n{head}\r\n\r\n"));
            body.Write(bytes);
            body.Write("\r\n"u8);
        }
        if (close)
            body.Write(Encoding.Latin1.GetBytes($"--{Boundary}--\r\n"));
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={Boundary}");
        return content;
    }

    [GeneratedRegex(@"^\(trimmed: (\d+) bytes\)$")]
    private static partial Regex Trimmed();

    [GeneratedRegex(@"^(\d+) nodes")]
    private static partial Regex Nodes();
}
