using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>The files of a recording's server: what its <c>/view</c> showed, and whatever its nodes said they had made.</summary>
public sealed class ReplayFiles
{
    private readonly Dictionary<OutputFile, RecordedFile> _files = [];
    private readonly Dictionary<OutputFile, int> _refusals = [];
    private int _headRequests;

    public ReplayFiles(Recording recording)
    {
        foreach (var file in recording.Prompts.SelectMany(NamedBy))
            _files.TryAdd(file, new RecordedFile(Encoding.UTF8.GetBytes($"what is in {file.Path}"), "\"0-0\""));
        foreach (var exchange in recording.Exchanges.Where(exchange => exchange.Path.StartsWith("/view", StringComparison.Ordinal)))
            Learn(exchange);
    }

    /// <summary>After how many bytes the next downloads break off, one after the other; with a minus, stand still.</summary>
    public ConcurrentQueue<int> Faults { get; } = new();

    /// <summary>How often it was asked for a file's headers.</summary>
    public int HeadRequests => _headRequests;

    /// <summary>What a recorded path asks for; null for what a client of ours cannot ask for.</summary>
    public static OutputFile? Asked(string path)
    {
        var query = QueryHelpers.ParseQuery(path.Contains('?') ? path[path.IndexOf('?')..] : "");
        if (!query.TryGetValue("filename", out var name) || query.Keys.Any(key => key is "preview" or "channel"))
            return null;
        return new OutputFile(
            name.ToString(),
            query.TryGetValue("subfolder", out var folder) ? folder.ToString() : "",
            query.TryGetValue("type", out var type) ? type.ToString() : "output");
    }

    /// <summary>The bytes that a recorded file has, made up where the recording only tells how many they are.</summary>
    public byte[]? Content(OutputFile file) => _files.TryGetValue(file, out var found) ? found.Content : null;

    public async Task AnswerAsync(HttpContext context)
    {
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (isHead)
            Interlocked.Increment(ref _headRequests);
        var asked = Asked(context.Request.Path + context.Request.QueryString.ToString())!;
        if (_refusals.TryGetValue(asked, out var status) || !_files.TryGetValue(asked, out var file))
        {
            context.Response.StatusCode = status == 0 ? StatusCodes.Status404NotFound : status;
            return;
        }
        context.Response.Headers.AcceptRanges = "bytes";
        context.Response.Headers.ETag = file.Tag;
        var range = context.Request.GetTypedHeaders().Range?.Ranges.SingleOrDefault();
        var first = range?.From ?? 0;
        var last = Math.Min(range?.To ?? long.MaxValue, file.Content.Length - 1);
        if (range is not null && first > last)
        {
            context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            context.Response.Headers.ContentRange = $"bytes */{file.Content.Length}";
            return;
        }
        if (range is not null)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {first}-{last}/{file.Content.Length}";
        }
        var part = file.Content.AsMemory((int)first, (int)(last - first + 1));
        context.Response.ContentLength = part.Length;
        if (isHead)
            return;
        var isFaulty = Faults.TryDequeue(out var fault);
        await context.Response.Body.WriteAsync(isFaulty ? part[..Math.Min(part.Length, Math.Abs(fault))] : part);
        if (!isFaulty)
            return;
        // What is missing of the promised length makes the server close the connection.
        await context.Response.Body.FlushAsync();
        if (fault < 0)
            await Task.WhenAny(Task.Delay(Timeout.Infinite, context.RequestAborted));
    }

    /// <summary>Somebody writes the file anew.</summary>
    public void Change(OutputFile file) => _files[file] = new RecordedFile([.. _files[file].Content.Reverse()], "\"1-1\"");

    private static IEnumerable<OutputFile> NamedBy(RecordedPrompt prompt) => prompt.Frames
        .Where(frame => RecordedPrompt.TypeOf(frame) == "executed")
        .Select(frame => RecordedPrompt.DataOf(frame)!["output"])
        .OfType<JsonObject>()
        .SelectMany(output => output.Select(shown => shown.Value).OfType<JsonArray>().SelectMany(items => items).OfType<JsonObject>())
        .Where(item => item["filename"] is not null)
        .Select(item => new OutputFile((string)item["filename"]!, (string)item["subfolder"]!, (string)item["type"]!));

    private void Learn(RecordedExchange exchange)
    {
        if (Asked(exchange.Path) is not { } file)
            return;
        var isWhole = exchange.Status == StatusCodes.Status200OK && exchange.Method == "GET";
        if (isWhole)
            _files[file] = new RecordedFile(ContentOf(exchange.Answer), (string?)exchange.Answer["headers"]?["ETag"] ?? "\"0-0\"");
        else if (exchange.Status == StatusCodes.Status206PartialContent && !_files.ContainsKey(file))
            _files[file] = PartOf(exchange.Answer);
        else if (exchange.Status is 400 or 403 or 404)
            _refusals[file] = exchange.Status;
    }

    /// <summary>A file of which only the first bytes were recorded, and its length.</summary>
    private static RecordedFile PartOf(JsonObject answer)
    {
        var content = new byte[int.Parse(((string)answer["headers"]!["Content-Range"]!).Split('/')[1])];
        Encoding.UTF8.GetBytes((string)answer["body"]!).CopyTo(content, 0);
        return new RecordedFile(content, (string)answer["headers"]!["ETag"]!);
    }

    private static byte[] ContentOf(JsonObject answer)
    {
        if (answer["body_base64"] is { } encoded)
            return Convert.FromBase64String((string)encoded!);
        if (answer["body"] is { } text)
            return Encoding.UTF8.GetBytes((string)text!);
        var content = new byte[(int)answer["body_bytes"]!];
        new Random(content.Length).NextBytes(content);
        return content;
    }

    private sealed record RecordedFile(byte[] Content, string Tag);
}
