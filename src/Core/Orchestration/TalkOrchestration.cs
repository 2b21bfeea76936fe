using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;

namespace WanTalk.Core.Orchestration;

/// <summary>What happens in which order.</summary>
public static class TalkOrchestration
{
    /// <summary>The registered name.</summary>
    public const string Name = "TalkOrchestrator";

    /// <summary>Carries a talk from its request to its published video.</summary>
    /// <returns>True; a talk that ends otherwise fails with a <see cref="TalkException"/>, whose text carries the code.</returns>
    public static async Task<bool> RunAsync(IOrchestrationContext context, TalkInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var stages = new StageCalls(context, input.Talk, input.Rules);
        var progress = new ProgressReport(context);
        try
        {
            await progress.OfAsync(Stage.Prepare, () => stages.DoAsync(Stage.Prepare));
            var plan = await progress.OfAsync(Stage.Plan, () => PlanAsync(context, input));
            progress.Planned(plan);
            if (plan.OnePrompt)
            {
                await progress.OfAsync(Stage.Sample, () => stages.DoAsync(Stage.Sample));
            }
            else
            {
                await progress.OfAsync(Stage.Separate, () => stages.DoAsync(Stage.Separate));
                await progress.OfAsync(Stage.Embed, () => stages.DoAsync(Stage.Embed));
                await progress.OfAsync(Stage.Sample, () => SampleAsync(context, input, plan));
                await progress.OfAsync(Stage.Assemble, () => stages.DoAsync(Stage.Assemble));
            }

            await progress.OfAsync(Stage.Publish, () => stages.DoAsync(Stage.Publish));
            return true;
        }
        catch (OrchestrationTaskFailedException failure)
        {
            throw progress.Failed(TalkError.Parse(failure.ErrorMessage));
        }
        catch (TalkException failure)
        {
            throw progress.Failed(failure.Error);
        }
    }

    private static async Task<PlanSummary> PlanAsync(IOrchestrationContext context, TalkInput input)
    {
        var plan = await context.CallActivityAsync<PlanSummary>(ActivityNames.PlanTalk, input.Talk, ActivityRetryPolicy.Default);
        return plan.Error is { } error ? throw new TalkException(error) : plan;
    }

    private static async Task<bool> SampleAsync(IOrchestrationContext context, TalkInput input, PlanSummary plan)
    {
        var takes = plan.TakeWindows.Select((windows, take) => context.CallSubOrchestratorAsync<SamplingOutcome>(
            TakeOrchestration.Name,
            $"{input.Talk}-take-{take:00}",
            new TakeInput(input.Talk, input.Rules, take, windows)));
        var outcomes = await Task.WhenAll(takes.ToList());
        return outcomes.FirstOrDefault(outcome => outcome.Error is not null)?.Error is { } error ? throw new TalkException(error) : true;
    }
}
