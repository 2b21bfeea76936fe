using WanTalk.Core.Stages;

namespace WanTalk.Core.Work;

/// <summary>What travels on a lane's queue: where the attempt's request is, never the work itself.</summary>
/// <param name="Talk">The talk's id; for <see cref="Stage.Preflight"/> the preflight's.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Key">Which piece of the stage's work: <see cref="WholeTalk"/>, or take and first window.</param>
/// <param name="Attempt">The attempt's id.</param>
public sealed record WorkReference(string Talk, Stage Stage, string Key, string Attempt)
{
    /// <summary>The key of a stage that is done once for a talk.</summary>
    public const string WholeTalk = "talk";
}

/// <summary>A runner's hint to the host that an attempt has a result.</summary>
/// <param name="Reply">Whom to tell.</param>
/// <param name="Work">Which attempt it was.</param>
public sealed record Completion(ReplyAddress Reply, WorkReference Work);

/// <summary>Where an attempt's completion goes: an orchestration instance waits for an event of that name.</summary>
/// <param name="Instance">The orchestration instance.</param>
/// <param name="Event">The event's name, one for each attempt.</param>
public sealed record ReplyAddress(string Instance, string Event);
