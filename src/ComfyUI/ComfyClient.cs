using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.ComfyUI.Http;
using WanTalk.ComfyUI.Prompts;

namespace WanTalk.ComfyUI;

/// <summary>
/// A client of one ComfyUI server, over HTTP and WebSocket only: no shared disk is assumed. Safe for use by several callers at once.
/// Requests that come to nothing throw <see cref="ComfyException"/>; how a prompt ended is a value.
/// </summary>
public sealed partial class ComfyClient : IDisposable
{
    private readonly ComfyHttp _http;
    private readonly ComfyClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="address">The server's address; a path in it is kept.</param>
    /// <param name="options">Patience and bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where reconnections and the like are told.</param>
    public ComfyClient(Uri address, ComfyClientOptions? options = null, TimeProvider? time = null, ILogger<ComfyClient>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _options = options ?? new ComfyClientOptions();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<ComfyClient>.Instance;
        _http = new ComfyHttp(address, _options, _time);
    }

    /// <summary>The server's address.</summary>
    public Uri Address => _http.Address;

    /// <summary>
    /// Runs a prompt to its end. When the token is cancelled, the prompt is withdrawn (deleted while pending, interrupted if running, and
    /// that confirmed) before the cancellation is thrown.
    /// </summary>
    /// <param name="graph">The graph in API format: node id to class_type and inputs.</param>
    /// <param name="options">Its id and who wants to hear of its progress.</param>
    /// <param name="cancellationToken">Withdraws the prompt.</param>
    /// <exception cref="ComfyException">The server refused the request as such (not the graph).</exception>
    /// <exception cref="ArgumentException">The prompt's id is none that can be asked for.</exception>
    public Task<PromptOutcome> RunPromptAsync(JsonObject graph, PromptOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new PromptRun(this, _http, _options, _time, _logger).RunAsync(graph, options ?? new PromptOptions(), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
