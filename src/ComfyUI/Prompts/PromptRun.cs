using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI.Prompts;

/// <summary>
/// Carries one prompt from its submission to its outcome. The socket tells when to look and what to show; history and queue, asked over
/// HTTP, tell what is true. So a socket that is lost, silent or stalled costs progress messages and at most one polling interval.
/// </summary>
internal sealed partial class PromptRun(ComfyClient client, ComfyHttp http, ComfyClientOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan HistoryLag = TimeSpan.FromMilliseconds(20);

    public async Task<PromptOutcome> RunAsync(JsonObject graph, PromptOptions prompt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = prompt.PromptId ?? Guid.NewGuid().ToString();
        await using var socket = new PromptSocket(http.Address, options, prompt.Previews, time, logger);
        var clientId = await socket.OpenAsync(cancellationToken);
        try
        {
            return await SubmitAsync(graph, id, clientId) ?? await WaitAsync(socket, id, prompt.OnMessage, cancellationToken);
        }
        catch (Exception error) when (error is not ComfyException)
        {
            // Cancelled, or the callback threw: nobody waits for the prompt any more.
            await client.WithdrawAsync(id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>
    /// Hands the prompt over; an outcome means that it ended here. Not cancellable, and short: a submission cut in the middle would leave
    /// it open whether the prompt runs.
    /// </summary>
    private async Task<PromptOutcome?> SubmitAsync(JsonObject graph, string id, string clientId)
    {
        var body = new JsonObject { ["prompt"] = graph.DeepClone(), ["client_id"] = clientId, ["prompt_id"] = id };
        ComfyAnswer answer;
        try
        {
            answer = await http.TryPostJsonAsync("prompt", body, CancellationToken.None);
        }
        catch (ComfyException error) when (error.IsSilence)
        {
            var seen = await client.LookAsync(id, CancellationToken.None);
            return seen.State is PromptState.Pending or PromptState.Running or PromptState.Ended
                ? seen.Outcome
                : PromptOutcome.Failed(id, PromptFailureKind.ServerGone, error.Message);
        }
        if (answer.Status == HttpStatusCode.BadRequest && ComfyHttp.ParseJson(answer, "prompt") is JsonObject refusal)
            return PromptOutcome.Failed(id, OutcomeReader.Validation(refusal));
        if (!answer.IsSuccess)
            throw ComfyHttp.Refusal(answer.Status, "prompt", answer.Excerpt);
        var accepted = ComfyHttp.ParseJson(answer, "prompt") as JsonObject ?? [];
        if (accepted.Object("node_errors") is not { Count: > 0 })
            return null;
        // The server runs what is left of the graph and would report success for it.
        await client.WithdrawAsync(id, CancellationToken.None);
        return PromptOutcome.Failed(id, OutcomeReader.Validation(accepted));
    }

    private async Task<PromptOutcome> WaitAsync(
        PromptSocket socket, string id, Action<SocketMessage>? onMessage, CancellationToken cancellationToken)
    {
        var patience = options.SilenceBeforePolling;
        var quietSince = time.GetTimestamp();
        long? unreachableSince = null;
        var reconnected = false;
        while (true)
        {
            var left = patience - time.GetElapsedTime(quietSince);
            var (signal, message) = await socket.NextAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            if (message is not null && message.PromptId == id)
            {
                quietSince = time.GetTimestamp();
                onMessage?.Invoke(message);
                if (message is ExecutionSuccessMessage or ExecutionErrorMessage or ExecutionInterruptedMessage)
                    patience = HistoryLag;
            }
            if (signal == SocketSignal.Message && !CallsForALook(message!, id, reconnected) && time.GetElapsedTime(quietSince) < patience)
                continue;
            var seen = await client.LookAsync(id, cancellationToken);
            quietSince = time.GetTimestamp();
            switch (seen.State)
            {
                case PromptState.Ended:
                    return seen.Outcome!;
                case PromptState.Absent:
                    return PromptOutcome.Failed(
                        id, PromptFailureKind.Lost, "The engine no longer knows the prompt: it was restarted, or the prompt was deleted.");
                case PromptState.Unknown:
                    unreachableSince ??= quietSince;
                    if (time.GetElapsedTime(unreachableSince.Value) >= options.UnreachableTimeout)
                    {
                        return PromptOutcome.Failed(
                            id, PromptFailureKind.ServerGone, $"The engine at {http.Address} stopped answering while the prompt ran.");
                    }
                    patience = Min(options.SilenceBeforePolling, TimeSpan.FromMilliseconds(500));
                    break;
                default:
                    unreachableSince = null;
                    patience = Min(options.SilenceBeforePolling, patience * 2);
                    break;
            }
            if (!socket.IsOpen && seen.State != PromptState.Unknown)
            {
                LogReconnecting(logger, id);
                await socket.OpenAsync(cancellationToken);
                reconnected = true;
            }
        }
    }

    /// <summary>
    /// The prompt's last message does. After a reconnection the prompt's own messages go to the client id that is gone; but the queue's
    /// changes come to everyone, and the end of the prompt is one.
    /// </summary>
    private static bool CallsForALook(SocketMessage message, string id, bool reconnected) =>
        message is ExecutingMessage { Node: null } last ? last.PromptId == id : reconnected && message is StatusMessage { SessionId: null };

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    [LoggerMessage(LogLevel.Debug, "The socket of prompt {PromptId} is lost; it is opened again under a new client id.")]
    private static partial void LogReconnecting(ILogger logger, string promptId);
}
