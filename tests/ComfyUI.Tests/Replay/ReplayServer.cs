using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>
/// Plays the server's side of a recording over real HTTP and WebSockets. The client chooses its own ids; everything else is as it was
/// recorded. What was recorded as a table or a race is staged by holding prompts back, muting sockets and killing the server.
/// </summary>
public sealed class ReplayServer : IAsyncDisposable
{
    private readonly Recording _recording;
    private readonly ConcurrentQueue<ReplayedPrompt> _expected = new();
    private readonly ConcurrentQueue<RecordedExchange> _answers = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<ReplayedUpload> _uploads = new();
    private readonly ConcurrentQueue<string> _clientIds = new();
    private WebApplication? _app;
    private CancellationTokenSource _stop = new();
    private int _port;

    private ReplayServer(Recording recording) => (_recording, Files) = (recording, new ReplayFiles(recording));

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    /// <summary>The recording's first prompt.</summary>
    public RecordedPrompt First => _recording.Prompts[0];

    public ReplayFiles Files { get; }

    public ReplayState State { get; private set; } = new();

    /// <summary>Every request so far, as method and path.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Every upload so far.</summary>
    public IReadOnlyCollection<ReplayedUpload> Uploads => _uploads;

    /// <summary>The client id of every socket so far.</summary>
    public IReadOnlyCollection<string> ClientIds => _clientIds;

    /// <summary>Whether nobody gets a socket.</summary>
    public bool RefusesSockets { get; set; }

    /// <summary>Whether a new socket is told the running node without its prompt, as one under an old id would be.</summary>
    public bool TellsNodeOnly { get; set; }

    /// <summary>Starts one.</summary>
    /// <param name="recording">What it plays.</param>
    /// <param name="port">Its port, where it must keep it over a restart; 0 for any.</param>
    public static async Task<ReplayServer> StartAsync(Recording recording, int port = 0)
    {
        var server = new ReplayServer(recording) { _port = port };
        await server.ListenAsync();
        return server;
    }

    public ComfyClient NewClient(ComfyClientOptions? options = null) => new(Address, options ?? Patience.Little);

    /// <summary>The next submission is answered as this one was.</summary>
    public ReplayedPrompt Expect(RecordedPrompt prompt, ReplayHold hold = ReplayHold.None)
    {
        var replayed = new ReplayedPrompt(prompt, hold);
        _expected.Enqueue(replayed);
        return replayed;
    }

    /// <summary>The next request that is neither of the queue nor for a file is answered as this one was.</summary>
    public void Expect(RecordedExchange exchange) => _answers.Enqueue(exchange);

    /// <summary>Expects no request that was not made so far.</summary>
    public void Forget() => _answers.Clear();

    /// <summary>The process is gone, as after SIGKILL: nobody listens, connections break, and what was in memory is forgotten.</summary>
    public async Task KillAsync()
    {
        await _stop.CancelAsync();
        State.AbortSockets();
        try
        {
            await _app!.StopAsync(new CancellationToken(true));
        }
        catch (OperationCanceledException)
        {
            // That it is not graceful is what is wanted.
        }
        await _app!.DisposeAsync();
        _app = null;
    }

    public async Task StartAgainAsync()
    {
        (State, _stop) = (new ReplayState(), new CancellationTokenSource());
        await ListenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await KillAsync();
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, _port);
        });
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(HandleAsync);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.Single()).Port;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _requests.Enqueue($"{context.Request.Method} {target}");
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", "/ws") when context.WebSockets.IsWebSocketRequest:
                await SocketAsync(context);
                break;
            case ("POST", "/prompt"):
                await SubmitAsync(context);
                break;
            case ("GET", "/queue"):
                await WriteAsync(context, 200, State.Queue());
                break;
            case ("POST", "/queue"):
                State.Delete((await BodyAsync(context))["delete"]!.AsArray().Select(id => (string)id!));
                break;
            case ("POST", "/interrupt"):
                State.Interrupt((string)(await BodyAsync(context))["prompt_id"]!);
                break;
            case ("POST", "/upload/image"):
                await UploadAsync(context);
                break;
            case ("GET" or "HEAD", "/view"):
                await Files.AnswerAsync(context);
                break;
            case ("GET", _) when target.StartsWith("/history/", StringComparison.Ordinal):
                await WriteAsync(context, 200, State.History(Uri.UnescapeDataString(target["/history/".Length..])));
                break;
            default:
                await RecordedAsync(context);
                break;
        }
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var body = await BodyAsync(context);
        if (!_expected.TryDequeue(out var prompt) || (prompt.Recorded.Graph is { } graph && !JsonNode.DeepEquals(graph, body["prompt"])))
        {
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            return;
        }
        (prompt.Id, prompt.ClientId) = ((string)body["prompt_id"]!, (string)body["client_id"]!);
        if (prompt.Recorded.Id is { } recordedId)
        {
            State.Add(prompt);
            // As in the recordings, messages may overtake the answer.
            _ = Task.Run(() => prompt.PlayAsync(State, _stop.Token), CancellationToken.None);
            await WriteAsync(context, 200, Translation.Translate(prompt.Recorded.Exchange.Answer["json"], recordedId, prompt.Id));
            return;
        }
        await WriteRecordedAsync(context, prompt.Recorded.Exchange);
    }

    /// <summary>
    /// A body that is too long is refused before it is read. It is read behind that: Kestrel would give a slow client five seconds, and then
    /// cut it off before it has seen the answer.
    /// </summary>
    private async Task UploadAsync(HttpContext context)
    {
        if (!_answers.TryDequeue(out var exchange))
            return;
        if (exchange.Status == StatusCodes.Status413PayloadTooLarge)
        {
            await WriteRecordedAsync(context, exchange);
            await context.Response.Body.FlushAsync();
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
        else
        {
            var form = await context.Request.ReadFormAsync();
            var file = form.Files["image"]!;
            _uploads.Enqueue(new ReplayedUpload(file.FileName, file.Length, form["subfolder"].ToString(), form["overwrite"].ToString()));
            await WriteRecordedAsync(context, exchange);
        }
    }

    private async Task RecordedAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
            await context.Request.Body.CopyToAsync(Stream.Null);
        if (_answers.TryDequeue(out var exchange))
            await WriteRecordedAsync(context, exchange);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task SocketAsync(HttpContext context)
    {
        if (RefusesSockets)
        {
            context.Abort();
            return;
        }
        var clientId = context.Request.Query["clientId"].ToString();
        _clientIds.Enqueue(clientId);
        using var webSocket = await context.WebSockets.AcceptWebSocketAsync();
        var socket = new ReplayedSocket(webSocket, context.Abort);
        State.Register(clientId, socket);
        try
        {
            await GreetAsync(socket, clientId);
            await ListenToAsync(webSocket, socket);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // The client is gone, or the server is killed.
        }
        State.Unregister(clientId);
    }

    private async Task GreetAsync(ReplayedSocket socket, string clientId)
    {
        var queue = new JsonObject { ["exec_info"] = new JsonObject { ["queue_remaining"] = State.Running.Count } };
        await TellAsync(socket, "status", new JsonObject { ["status"] = queue, ["sid"] = clientId });
        if (TellsNodeOnly)
            await TellAsync(socket, "executing", new JsonObject { ["node"] = "10" });
    }

    /// <summary>The client's first message may be its feature flags, and they are answered.</summary>
    private async Task ListenToAsync(WebSocket webSocket, ReplayedSocket socket)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var part = await webSocket.ReceiveAsync(buffer, _stop.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return;
            var flags = new JsonObject { ["supports_preview_metadata"] = true, ["max_upload_size"] = 104857600 };
            await TellAsync(socket, "feature_flags", flags);
        }
    }

    private Task TellAsync(ReplayedSocket socket, string type, JsonObject data) =>
        socket.SendAsync(WebSocketMessageType.Text, Translation.ToBytes(new JsonObject { ["type"] = type, ["data"] = data }), _stop.Token);

    private static async Task<JsonObject> BodyAsync(HttpContext context) => (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;

    private static async Task WriteRecordedAsync(HttpContext context, RecordedExchange exchange)
    {
        if (exchange.Answer["json"] is { } json)
        {
            await WriteAsync(context, exchange.Status, json);
            return;
        }
        context.Response.StatusCode = exchange.Status;
        if (exchange.Answer["json_trimmed"] is not null)
        {
            await context.Response.SendFileAsync(Path.Combine(AppContext.BaseDirectory, "recordings", "object_info.json"));
            return;
        }
        context.Response.ContentType = (string?)exchange.Answer["headers"]?["Content-Type"];
        await context.Response.WriteAsync((string?)exchange.Answer["body"] ?? "");
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonNode? json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(Translation.ToBytes(json));
    }
}

/// <summary>An upload as it arrived.</summary>
public sealed record ReplayedUpload(string Name, long Bytes, string Subfolder, string Overwrite);
