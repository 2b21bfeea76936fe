using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace WanTalk.Functions.Retention;

/// <summary>Looks every hour for talks whose time is over.</summary>
public sealed class RetentionTimer(RetentionSweep sweep)
{
    /// <summary>Runs a sweep, seven minutes past the hour.</summary>
    [Function("DeleteOldTalks")]
    public Task RunAsync([TimerTrigger("0 7 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        sweep.RunIfDueAsync(client, cancellationToken);
}
