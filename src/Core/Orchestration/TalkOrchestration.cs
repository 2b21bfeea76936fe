using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;

namespace WanTalk.Core.Orchestration;

/// <summary>What happens in which order.</summary>
public static class TalkOrchestration
{
    /// <summary>The registered name.</summary>
    public const string Name = "TalkOrchestrator";

    /// <summary>
    /// The version of this orchestration with its takes and blocks, which every talk remembers from its start: a host carries talks of its
    /// own version and of older ones. Raised with each change to what they call, in which order and under which ids.
    /// </summary>
    public const string Version = "1.0";

    /// <summary>Carries a talk from its request to its published video.</summary>
    /// <returns>True; a talk that ends otherwise fails with a <see cref="TalkException"/>, whose text carries the code.</returns>
    public static async Task<bool> RunAsync(IOrchestrationContext context, TalkInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var begunAt = context.CurrentUtcDateTime;
        var progress = new ProgressReport(context);
        var error = await MakeAsync(context, input, progress);
        await StartNotifyAsync(context, input, begunAt, error);
        return error is null ? true : throw progress.Failed(error);
    }

    /// <summary>Makes and publishes the video.</summary>
    /// <returns>Why it could not be made; null when it was.</returns>
    private static async Task<TalkError?> MakeAsync(IOrchestrationContext context, TalkInput input, ProgressReport progress)
    {
        var stages = new StageCalls(context, input.Talk, input.Rules);
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
            return null;
        }
        catch (OrchestrationTaskFailedException failure)
        {
            return TalkError.Parse(failure.ErrorMessage);
        }
        catch (TalkException failure)
        {
            return failure.Error;
        }
    }

    private static async Task StartNotifyAsync(IOrchestrationContext context, TalkInput input, DateTime begunAt, TalkError? error)
    {
        var request = new NotifyRequest(input.Talk, $"{input.Talk}-notify-{context.NewGuid():n}", error) { BegunAt = begunAt };
        try
        {
            await context.CallActivityAsync<bool>(ActivityNames.StartNotify, request, ActivityRetryPolicy.Default);
        }
        catch (OrchestrationTaskFailedException)
        {
            // The host has logged it. That nobody could be told does not change how the talk ended.
        }
    }

    private static async Task<PlanSummary> PlanAsync(IOrchestrationContext context, TalkInput input)
    {
        var plan = await context.CallActivityAsync<PlanSummary>(ActivityNames.PlanTalk, input.Talk, ActivityRetryPolicy.Default);
        return plan.Error is { } error ? throw new TalkException(error) : plan;
    }

    /// <summary>
    /// Samples the takes side by side, a few at a time, so that short talks are not starved. Behind a take that failed none is begun; those
    /// under way come to their end, since their windows count when the talk is retried.
    /// </summary>
    private static async Task<bool> SampleAsync(IOrchestrationContext context, TalkInput input, PlanSummary plan)
    {
        var waiting = new Queue<TakeInput>(plan.TakeWindows.Select((windows, take) => new TakeInput(input.Talk, input.Rules, take, windows)));
        var underWay = new List<Task<SamplingOutcome>>();
        TalkError? error = null;
        while (waiting.Count + underWay.Count > 0)
        {
            while (underWay.Count < input.Rules.MaxTakesInFlight && waiting.TryDequeue(out var take))
            {
                underWay.Add(context.CallSubOrchestratorAsync<SamplingOutcome>(TakeOrchestration.Name, $"{input.Talk}-take-{take.Take:00}", take));
            }

            var ended = await Task.WhenAny(underWay);
            underWay.Remove(ended);
            if ((await ended).Error is { } failure)
            {
                error ??= failure;
                waiting.Clear();
            }
        }

        return error is null ? true : throw new TalkException(error);
    }
}
