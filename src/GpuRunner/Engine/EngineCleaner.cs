using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// Takes back the prompts that a killed runner of this home left on an engine that lives on, before this one takes work. The ids of our
/// prompts begin with the home's own mark, so that other homes' prompts on the same engine are left alone.
/// </summary>
internal sealed class EngineCleaner(RunnerOptions options, TimeProvider time, ILogger<ComfyClient> clientLogger, ILogger<EngineCleaner> logger)
{
    /// <summary>Withdraws our prompts; an engine that does not answer has none.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.EngineUrl is not { } address)
        {
            return;
        }

        using var client = new ComfyClient(address, null, time, clientLogger);
        try
        {
            var queue = await client.GetQueueAsync(cancellationToken);
            foreach (var prompt in queue.Running.Concat(queue.Pending).Where(id => id.StartsWith(options.PromptMark, StringComparison.Ordinal)))
            {
                logger.LogInformation("Taking back the prompt {Prompt} of an earlier runner", prompt);
                await client.WithdrawAsync(prompt, cancellationToken);
            }
        }
        catch (ComfyException unreachable)
        {
            logger.LogWarning("The engine at {Address} could not be cleared: {Reason}", address, unreachable.Message);
        }
    }
}
