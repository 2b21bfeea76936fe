using WanTalk.Core.Orchestration;

namespace WanTalk.Core.Talks;

/// <summary>What <c>started.json</c> holds: written by the runner that takes a talk's first work, and gone when the talk is retried.</summary>
/// <param name="At">When it took it.</param>
/// <param name="Runner">The runner's name.</param>
public sealed record TalkStart(DateTimeOffset At, string Runner)
{
    /// <summary>What the orchestration of a talk begins with.</summary>
    /// <param name="request">The talk.</param>
    /// <param name="rules">How the host's orchestrations wait.</param>
    /// <param name="at">From when its time counts.</param>
    internal static TalkInput InputOf(TalkRequest request, WaitRules rules, DateTimeOffset at) =>
        new(request.Id, rules with { Limits = TimeLimits.Of(request.RunPod, at) }) { Endpoint = request.RunPod?.Endpoint };
}
