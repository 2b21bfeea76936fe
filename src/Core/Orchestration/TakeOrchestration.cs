using WanTalk.Core.Errors;

namespace WanTalk.Core.Orchestration;

/// <summary>Samples one take, block by block: an orchestration's whole history is read in every turn, so each block has its own.</summary>
public static class TakeOrchestration
{
    /// <summary>The registered name.</summary>
    public const string Name = "TakeOrchestrator";

    /// <summary>Samples the windows of a take.</summary>
    public static async Task<SamplingOutcome> RunAsync(IOrchestrationContext context, TakeInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var outcome = new SamplingOutcome(0, null, null);
        try
        {
            for (var block = 0; outcome.Error is null && outcome.NextWindow < input.Windows; block++)
            {
                outcome = await context.CallSubOrchestratorAsync<SamplingOutcome>(
                    BlockOrchestration.Name,
                    $"{context.InstanceId}-block-{block:0000}",
                    new BlockInput(input.Talk, input.Rules, input.Take, input.Windows, outcome.NextWindow, outcome.Last));
            }

            return outcome;
        }
        catch (OrchestrationTaskFailedException failure)
        {
            // Thrown on, its text would begin with the block's name, and hide the code from the talk.
            return outcome with { Error = TalkError.Parse(failure.ErrorMessage) };
        }
    }
}
