using WanTalk.Core.Errors;
using WanTalk.Core.Work;

namespace WanTalk.Core.Orchestration;

/// <summary>The input of <see cref="TalkOrchestration"/>.</summary>
/// <param name="Talk">The talk's id, which is the instance's id too.</param>
/// <param name="Rules">How to wait; part of the input, so that a replay waits the same.</param>
public sealed record TalkInput(string Talk, WaitRules Rules)
{
    /// <summary>The endpoint of RunPod's contract that it came through; null when it came otherwise.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How often the talk was started again.</summary>
    public int Retries { get; init; }
}

/// <summary>The input of <see cref="TakeOrchestration"/>.</summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="Rules">How to wait.</param>
/// <param name="Take">The take, from 0.</param>
/// <param name="Windows">How many windows it has.</param>
public sealed record TakeInput(string Talk, WaitRules Rules, int Take, int Windows);

/// <summary>The input of <see cref="BlockOrchestration"/>.</summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="Rules">How to wait.</param>
/// <param name="Take">The take, from 0.</param>
/// <param name="Windows">How many windows the take has.</param>
/// <param name="NextWindow">The window to begin with.</param>
/// <param name="Last">The last piece's result, from which the next piece's size follows; null before the first.</param>
public sealed record BlockInput(string Talk, WaitRules Rules, int Take, int Windows, int NextWindow, AttemptResult? Last);

/// <summary>Where a take or a block of it came to.</summary>
/// <param name="NextWindow">The first window that is not committed.</param>
/// <param name="Last">The last piece's result.</param>
/// <param name="Error">Why it stopped early; null when it did not.</param>
public sealed record SamplingOutcome(int NextWindow, AttemptResult? Last, TalkError? Error);
