using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI.Http;
using WanTalk.ComfyUI.Prompts;

namespace WanTalk.ComfyUI;

/// <summary>The prompts that the server holds.</summary>
/// <param name="Running">Ids of what is being executed: one or none.</param>
/// <param name="Pending">Ids of what waits, in no particular order.</param>
public sealed record QueueState(IReadOnlyList<string> Running, IReadOnlyList<string> Pending);

public sealed partial class ComfyClient
{
    /// <summary>The prompts that are running and pending.</summary>
    public async Task<QueueState> GetQueueAsync(CancellationToken cancellationToken = default)
    {
        var queue = await _http.GetJsonAsync("queue", cancellationToken) as JsonObject ?? [];
        return new QueueState(Ids(queue["queue_running"]), Ids(queue["queue_pending"]));
    }

    /// <summary>
    /// How a prompt ended, as history says it; null while it has not, or if the server does not know it. Files of cached results are not
    /// looked for here (<see cref="ExistsAsync"/> does).
    /// </summary>
    public async Task<PromptOutcome?> GetHistoryAsync(string promptId, CancellationToken cancellationToken = default)
    {
        var history = await _http.GetJsonAsync($"history/{Uri.EscapeDataString(promptId)}", cancellationToken) as JsonObject;
        return history?[promptId] is JsonObject entry ? OutcomeReader.FromHistory(promptId, entry) : null;
    }

    /// <summary>Deletes prompts that are pending; others are left alone.</summary>
    public async Task DeletePendingAsync(IEnumerable<string> promptIds, CancellationToken cancellationToken = default)
    {
        var ids = new JsonArray([.. promptIds.Select(id => (JsonNode)id)]);
        await _http.PostJsonAsync("queue", new JsonObject { ["delete"] = ids }, cancellationToken);
    }

    /// <summary>Interrupts a prompt if it is the one that is running. It is noticed at the node's next progress, and may be lost.</summary>
    public async Task InterruptAsync(string promptId, CancellationToken cancellationToken = default) =>
        await _http.PostJsonAsync("interrupt", new JsonObject { ["prompt_id"] = promptId }, cancellationToken);

    /// <summary>Lets the server unload its models and drop its cache, once the current prompt is over.</summary>
    public async Task FreeAsync(CancellationToken cancellationToken = default) =>
        await _http.PostJsonAsync("free", new JsonObject { ["unload_models"] = true, ["free_memory"] = true }, cancellationToken);

    /// <summary>
    /// Takes a prompt back: deleted while pending, interrupted if running, looked at again, and all of it repeated, since an interrupt
    /// that comes just after the submission is lost. Gives up after <see cref="ComfyClientOptions.WithdrawTimeout"/>.
    /// </summary>
    /// <returns>True once the prompt is neither pending nor running.</returns>
    public async Task<bool> WithdrawAsync(string promptId, CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(50);
        do
        {
            try
            {
                await DeletePendingAsync([promptId], cancellationToken);
                var seen = await LookAsync(promptId, cancellationToken);
                if (seen.State is PromptState.Ended or PromptState.Absent)
                    return true;
                if (seen.State == PromptState.Running)
                    await InterruptAsync(promptId, cancellationToken);
            }
            catch (ComfyException error) when (error.IsRefusedConnection)
            {
                // Nobody listens there any more, so nothing runs there either.
                return true;
            }
            catch (ComfyException error)
            {
                LogWithdrawing(_logger, promptId, error.Message);
            }
            await Task.Delay(pause, _time, cancellationToken);
            pause = pause * 2 < TimeSpan.FromSeconds(1) ? pause * 2 : TimeSpan.FromSeconds(1);
        }
        while (_time.GetElapsedTime(started) < _options.WithdrawTimeout);
        LogWithdrawing(_logger, promptId, "given up, it may still run.");
        return false;
    }

    /// <summary>
    /// Looks for a prompt in history, then in the queue, then in history again. A prompt leaves the queue and enters history in one step of
    /// the server, so one that is in neither by then is not known there.
    /// </summary>
    internal async Task<PromptSighting> LookAsync(string promptId, CancellationToken cancellationToken)
    {
        try
        {
            if (await GetHistoryAsync(promptId, cancellationToken) is { } early)
                return new PromptSighting(PromptState.Ended, early);
            var queue = await GetQueueAsync(cancellationToken);
            if (queue.Running.Contains(promptId))
                return new PromptSighting(PromptState.Running);
            if (queue.Pending.Contains(promptId))
                return new PromptSighting(PromptState.Pending);
            return await GetHistoryAsync(promptId, cancellationToken) is { } late
                ? new PromptSighting(PromptState.Ended, late)
                : new PromptSighting(PromptState.Absent);
        }
        catch (ComfyException error)
        {
            return new PromptSighting(PromptState.Unknown, Reason: error.Message);
        }
    }

    private static List<string> Ids(JsonNode? items) =>
        (items as JsonArray ?? [])
            .OfType<JsonArray>()
            .Where(item => item.Count > 1)
            .Select(item => JsonReading.Text(item[1]))
            .OfType<string>()
            .ToList();

    [LoggerMessage(LogLevel.Warning, "Withdrawing prompt {PromptId}: {Reason}")]
    private static partial void LogWithdrawing(ILogger logger, string promptId, string reason);
}
