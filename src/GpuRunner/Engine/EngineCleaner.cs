using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// Takes back the prompts of this home that nobody waits for any more: those of a killed runner, or of work that had given up on an engine
/// which came back. The ids of our prompts begin with the home's own mark, so that other homes' prompts on the same engine are left alone.
/// </summary>
internal sealed class EngineCleaner(RunnerOptions options, ILogger<EngineCleaner> logger)
{
    /// <summary>Withdraws our prompts; only while none of them is awaited.</summary>
    /// <returns>Null when none is left, or one could not be stopped in time; else why the engine could not be asked.</returns>
    public async Task<ComfyException?> RunAsync(ComfyClient client, CancellationToken cancellationToken)
    {
        try
        {
            var queue = await client.GetQueueAsync(cancellationToken);
            // Pending ones first: else one of them would begin when the running one ends.
            foreach (var prompt in queue.Pending.Concat(queue.Running).Where(IsOurs))
            {
                logger.LogInformation("Taking back the prompt {Prompt} of earlier work", prompt);
                if (!await client.WithdrawAsync(prompt, cancellationToken))
                {
                    logger.LogWarning("The prompt {Prompt} of earlier work goes on; new work waits behind it", prompt);
                }
            }

            return null;
        }
        catch (ComfyException unreachable)
        {
            return unreachable;
        }
    }

    private bool IsOurs(string prompt) => prompt.StartsWith(options.PromptMark, StringComparison.Ordinal);
}
