using System.Text.RegularExpressions;
using WanTalk.Core.Errors;
using WanTalk.Faults.Injection;
using WanTalk.Faults.Plans;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>An accepted talk ends as completed, cancelled by request, or failed with a cause that was injected while it was under way.</summary>
internal static partial class EndCause
{
    /// <summary>What a fault has begun may be told some time after it is over: a runner that fell silent is waited for.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(60);

    /// <summary>Looks at how a talk has ended.</summary>
    public static void Check(TalkHistory talk, IReadOnlyList<InjectedFault> faults, Violations violations)
    {
        switch (talk.Last?.Status)
        {
            case "completed":
                break;
            case "cancelled" when talk.IsCancelAsked:
                break;
            case "failed":
                CheckFailed(talk, faults, violations);
                break;
            default:
                violations.Add("end", talk, $"has not ended as it may: {talk.Last?.Json ?? "it was never seen"}");
                break;
        }
    }

    private static void CheckFailed(TalkHistory talk, IReadOnlyList<InjectedFault> faults, Violations violations)
    {
        var met = faults.Where(fault => fault.Planned.House == talk.Planned.House
            && fault.Begun <= talk.EndedAt && fault.Ended + Aftermath >= talk.BegunAt).Select(fault => fault.Planned.Kind).ToHashSet();
        var admitted = met.SelectMany(CodesOf).ToHashSet();
        var told = CodesIn(talk.Last!).ToList();
        if (told.Count == 0 || told.Any(code => !admitted.Contains(code)))
        {
            violations.Add("end", talk,
                $"failed with a cause that was not injected: {talk.Last!.Code}: {talk.Last.Message} (it met {string.Join(", ", met.Order())})");
        }
    }

    /// <summary>The causes: those that are told when attempts were in vain, else the code itself.</summary>
    private static IEnumerable<ErrorCode> CodesIn(TalkSight end)
    {
        var code = end.Code is { } name && ErrorCatalog.TryFind(name, out var found) ? found : ErrorCode.Internal;
        return code == ErrorCode.AttemptsExhausted
            ? Words().Matches(end.Message ?? "").Select(word => ErrorCatalog.TryFind(word.Groups[1].Value, out var inner) ? inner : code)
            : [code];
    }

    /// <summary>What a fault may end a talk with, when it comes often enough.</summary>
    private static ErrorCode[] CodesOf(FaultKind kind) => kind switch
    {
        FaultKind.KillHost or FaultKind.RestartHost or FaultKind.KillRunner or FaultKind.RestartRunner or FaultKind.PauseRunner or FaultKind.PauseHost =>
            [ErrorCode.AttemptsExhausted, ErrorCode.EngineUnavailable],
        FaultKind.KillEngine or FaultKind.PauseEngine or FaultKind.CutEngine or FaultKind.DelayEngine or FaultKind.EngineHang =>
            [ErrorCode.EngineUnavailable],
        FaultKind.CutStorage or FaultKind.DelayStorage or FaultKind.PauseStorage or FaultKind.KillStorage =>
            [ErrorCode.StorageUnavailable, ErrorCode.AttemptsExhausted],
        FaultKind.FillDisk => [ErrorCode.DiskFull],
        FaultKind.BreakPublish => [ErrorCode.DeliveryFailed],
        FaultKind.EngineException => [ErrorCode.EngineFailed],
        FaultKind.EngineOutOfMemory => [ErrorCode.EngineOutOfMemory],
        FaultKind.EngineBlackWindow => [ErrorCode.FramesInvalid],
        _ => [],
    };

    [GeneratedRegex(@"cause was (\w+)")]
    private static partial Regex Words();
}
