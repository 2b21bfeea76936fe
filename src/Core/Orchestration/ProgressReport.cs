using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;

namespace WanTalk.Core.Orchestration;

/// <summary>The custom status of a talk: what its orchestration knows; windows are counted from their commit records instead.</summary>
public sealed record TalkProgress
{
    /// <summary>The stage that is being done, or was when the talk ended.</summary>
    public required Stage Stage { get; init; }

    /// <summary>How long each finished stage took, in seconds, waiting included.</summary>
    public required IReadOnlyDictionary<string, double> StageSeconds { get; init; }

    /// <summary>The plan, once there is one.</summary>
    public PlanSummary? Plan { get; init; }

    /// <summary>Why the talk failed.</summary>
    public TalkError? Error { get; init; }
}

/// <summary>Keeps the custom status of a talk.</summary>
internal sealed class ProgressReport(IOrchestrationContext context)
{
    private readonly Dictionary<string, double> _seconds = [];
    private Stage _stage;
    private PlanSummary? _plan;

    /// <summary>Does a stage and reports its beginning and its end.</summary>
    public async Task<T> OfAsync<T>(Stage stage, Func<Task<T>> work)
    {
        _stage = stage;
        Report(null);
        var begun = context.CurrentUtcDateTime;
        var result = await work();
        _seconds[StageNames.Of(stage)] = (context.CurrentUtcDateTime - begun).TotalSeconds;
        Report(null);
        return result;
    }

    /// <summary>Reports the plan from now on.</summary>
    public void Planned(PlanSummary plan)
    {
        _plan = plan;
        Report(null);
    }

    /// <summary>Reports the end, and makes the exception that ends the orchestration with it.</summary>
    public TalkException Failed(TalkError error)
    {
        Report(error);
        return new TalkException(error);
    }

    private void Report(TalkError? error) => context.SetCustomStatus(
        new TalkProgress { Stage = _stage, StageSeconds = new Dictionary<string, double>(_seconds), Plan = _plan, Error = error });
}
