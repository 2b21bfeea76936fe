using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>/prompt, /queue, /history, /interrupt and /free.</summary>
internal sealed class PromptRoutes(
    PromptQueue queue, EngineState state, GraphValidator validator, RequestBodies bodies, TimeProvider time)
{
    private long _next;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/prompt", http => Answers.JsonAsync(http, SocketHub.StatusOf(queue.Remaining)));
        routes.MapPost("/prompt", SubmitAsync);
        routes.MapGet("/queue", http => Answers.JsonAsync(http, queue.Describe()));
        routes.MapPost("/queue", http => EditAsync(http, queue.Clear, queue.Delete));
        routes.MapGet("/history", HistoryAsync);
        routes.MapGet("/history/{id}", http => Answers.JsonAsync(http, queue.History(LastSegment(http))));
        routes.MapPost("/history", http => EditAsync(http, () => queue.DeleteHistory(null), queue.DeleteHistory));
        routes.MapPost("/interrupt", InterruptAsync);
        routes.MapPost("/free", FreeAsync);
    }

    private async Task SubmitAsync(HttpContext http)
    {
        var body = await bodies.ReadJsonAsync(http);
        if (body is not JsonObject request || !request.ContainsKey("prompt"))
        {
            await RefuseAsync(http, ValidationReport.Refused("no_prompt", "No prompt provided", "No prompt provided"));
            return;
        }
        var number = NumberOf(request);
        var graph = request["prompt"] as JsonObject ?? throw new JsonException("The prompt is no object.");
        var targets = (request["partial_execution_targets"] as JsonArray)?.Select(target => target?.ToString() ?? "").ToHashSet(StringComparer.Ordinal);
        var report = validator.Validate(graph, targets);
        if (report.Error is not null)
        {
            await RefuseAsync(http, report);
            return;
        }
        var id = request.ContainsKey("prompt_id") ? request["prompt_id"]?.ToString() ?? "None" : Guid.NewGuid().ToString();
        var item = new PromptItem(number, id, (JsonObject)graph.DeepClone(), ExtraData(request), report.Outputs);
        if (!queue.Add(item))
        {
            await Answers.TextAsync(http, 503, "The queue is full.");
            return;
        }
        await Answers.JsonAsync(http, new JsonObject { ["prompt_id"] = id, ["number"] = item.NumberJson, ["node_errors"] = report.NodeErrors });
    }

    /// <summary>The last part of the path as it was sent: a prompt id may have an encoded slash, which routing leaves encoded.</summary>
    private static string LastSegment(HttpContext http)
    {
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }

    private double NumberOf(JsonObject request)
    {
        if (request["number"] is { } given)
            return double.Parse(given.ToString(), CultureInfo.InvariantCulture);
        var next = Interlocked.Increment(ref _next) - 1;
        return request["front"] is JsonValue front && front.GetValueKind() == JsonValueKind.True ? -next : next;
    }

    private JsonObject ExtraData(JsonObject request)
    {
        var extra = request.ContainsKey("extra_data")
            ? (JsonObject)(request["extra_data"] as JsonObject ?? throw new JsonException("extra_data is no object.")).DeepClone()
            : [];
        if (request.ContainsKey("client_id"))
            extra["client_id"] = request["client_id"]?.ToString();
        extra["create_time"] = time.GetUtcNow().ToUnixTimeMilliseconds();
        return extra;
    }

    private static Task RefuseAsync(HttpContext http, ValidationReport report) =>
        Answers.JsonAsync(http, new JsonObject { ["error"] = report.Error, ["node_errors"] = report.NodeErrors }, 400);

    private async Task EditAsync(HttpContext http, Action clear, Action<IReadOnlyCollection<string>> delete)
    {
        var request = await bodies.ReadJsonAsync(http) as JsonObject ?? [];
        if (request["clear"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True)
            clear();
        if (request["delete"] is JsonArray ids)
            delete(ids.Select(id => id?.ToString() ?? "").ToHashSet(StringComparer.Ordinal));
        Answers.Empty(http, 200);
    }

    private Task HistoryAsync(HttpContext http)
    {
        var query = http.Request.Query;
        return Answers.JsonAsync(http, queue.History(null, Integer(query["max_items"]), Integer(query["offset"])));

        static int? Integer(string? text) =>
            string.IsNullOrEmpty(text) ? null : int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>Without a prompt id, or with a body that is no JSON, whatever runs is interrupted.</summary>
    private async Task InterruptAsync(HttpContext http)
    {
        string? id = null;
        try
        {
            id = (await bodies.ReadJsonAsync(http) as JsonObject)?["prompt_id"]?.ToString();
        }
        catch (JsonException)
        {
            // The real server takes it for {}.
        }
        if (string.IsNullOrEmpty(id) || queue.IsRunning(id))
            state.Interrupt();
        Answers.Empty(http, 200);
    }

    private async Task FreeAsync(HttpContext http)
    {
        var request = await bodies.ReadJsonAsync(http) as JsonObject ?? throw new JsonException("The body is no object.");
        if (request["free_memory"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True)
            state.ClearCacheLater();
        Answers.Empty(http, 200);
    }
}
