using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Work;
using WanTalk.Functions.Retention;

namespace WanTalk.Functions.Messages;

/// <summary>Raises the event that a runner's completion message asks for. One that is lost is made good by the orchestration's own looks.</summary>
public sealed class StageCompleted(RetentionSweep retention, ILogger<StageCompleted> logger)
{
    /// <summary>The setting with the queue's name: <c>{WANTALK_STORAGE_QUEUE_PREFIX}completions</c>.</summary>
    public const string Queue = "%WANTALK_COMPLETIONS_QUEUE%";

    /// <summary>The setting, or the beginning of the settings, that say how the queues are reached.</summary>
    public const string Connection = "WanTalkStorage";

    /// <summary>Handles a message.</summary>
    [Function(nameof(StageCompleted))]
    public async Task RunAsync(
        [QueueTrigger(Queue, Connection = Connection)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (CompletionMessage.TryRead(body) is not { } completion)
        {
            logger.LogError("Dropped a completion that is none: {Body}", body);
            return;
        }

        await client.RaiseEventAsync(completion.Reply.Instance, completion.Reply.Event, completion.Work, cancellationToken);
        await retention.RunIfDueAsync(client, cancellationToken);
    }
}
