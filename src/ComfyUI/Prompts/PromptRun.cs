using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI.Files;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI.Prompts;

/// <summary>
/// Carries one prompt from its submission to its outcome. The socket tells when to look and what to show; history and queue, asked over
/// HTTP, tell what is true. So a socket that is lost, silent or stalled costs progress messages and at most one polling interval.
/// </summary>
internal sealed partial class PromptRun(ComfyClient client, ComfyHttp http, ComfyClientOptions options, TimeProvider time, ILogger logger)
{
    private const int MaxIdLength = 200;

    public async Task<PromptOutcome> RunAsync(JsonObject graph, PromptOptions prompt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = prompt.PromptId ?? Guid.NewGuid().ToString();
        // These are parts of the path of /history, and dots alone are lost there.
        if (id.Length is 0 or > MaxIdLength || id is "." or "..")
            throw new ArgumentException($"A prompt's id has 1 to {MaxIdLength} characters and is more than dots.", nameof(prompt));
        await using var socket = new PromptSocket(http.Address, options, prompt.Previews, time, logger);
        var clientId = await socket.OpenAsync(cancellationToken);
        try
        {
            return await SubmitAsync(graph, id, clientId) ?? await WaitAsync(socket, id, prompt, cancellationToken);
        }
        catch (Exception error) when (error is not ComfyException { Kind: ComfyErrorKind.Refused or ComfyErrorKind.NotFound })
        {
            // Cancelled, the callback threw, or an answer that makes no sense: nobody waits for the prompt any more.
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
                ? null
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

    private async Task<PromptOutcome> WaitAsync(PromptSocket socket, string id, PromptOptions prompt, CancellationToken cancellationToken)
    {
        var listener = new PromptListener(id, prompt);
        var schedule = new LookSchedule(time, options.SilenceBeforePolling);
        var submittedOn = socket.ClientId;
        long? unreachableSince = null;
        if (!socket.IsOpen)
            schedule.LookNow();
        while (true)
        {
            var (signal, message) = await socket.NextAsync(schedule.Left, cancellationToken);
            if (signal == SocketSignal.Closed)
                schedule.LookNow();
            if (message is not null)
                Hear(message, listener, schedule, isElsewhere: socket.ClientId != submittedOn);
            if (schedule.Left > TimeSpan.Zero)
                continue;
            var seen = await SeeAsync(id, cancellationToken);
            switch (seen.State)
            {
                case PromptState.Ended:
                    return seen.Outcome!;
                case PromptState.Absent:
                    return PromptOutcome.Failed(
                        id, PromptFailureKind.Lost, "The engine no longer knows the prompt: it was restarted, or the prompt was deleted.");
                case PromptState.Unknown:
                    unreachableSince ??= time.GetTimestamp();
                    if (time.GetElapsedTime(unreachableSince.Value) >= options.UnreachableTimeout)
                        return PromptOutcome.Failed(id, PromptFailureKind.ServerGone, $"The engine was lost while the prompt ran: {seen.Reason}");
                    break;
                default:
                    unreachableSince = null;
                    break;
            }
            if (!socket.IsOpen && seen.State != PromptState.Unknown)
            {
                LogReconnecting(logger, id);
                await socket.OpenAsync(cancellationToken);
            }
            schedule.Looked(isAnswered: seen.State != PromptState.Unknown);
        }
    }

    /// <summary>
    /// After a reconnection the prompt's own messages go to the client id that is gone; but the queue's changes come to everyone, and the
    /// end of the prompt is one.
    /// </summary>
    private static void Hear(SocketMessage message, PromptListener listener, LookSchedule schedule, bool isElsewhere)
    {
        switch (listener.Pass(message))
        {
            case ExecutingMessage { Node: null }:
                schedule.LookNow();
                break;
            case ExecutionSuccessMessage or ExecutionErrorMessage or ExecutionInterruptedMessage:
                schedule.HeardEnd();
                break;
            case not null:
                schedule.Heard();
                break;
            case null when isElsewhere && message is StatusMessage { SessionId: null }:
                schedule.HeardQueueChange();
                break;
        }
    }

    /// <summary>Looks for the prompt, and if it is done, for the files that the server only remembers.</summary>
    private async Task<PromptSighting> SeeAsync(string id, CancellationToken cancellationToken)
    {
        var seen = await client.LookAsync(id, cancellationToken);
        if (seen.Outcome is null)
            return seen;
        try
        {
            return seen with { Outcome = await CachedFiles.CheckAsync(client, seen.Outcome, cancellationToken) };
        }
        catch (ComfyException error)
        {
            return new PromptSighting(PromptState.Unknown, Reason: error.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The socket of prompt {PromptId} is lost; it is opened again under a new client id.")]
    private static partial void LogReconnecting(ILogger logger, string promptId);
}
