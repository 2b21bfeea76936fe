using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Work;

namespace WanTalk.Core.Orchestration;

/// <summary>
/// Hands work to a lane and waits for it. Messages are hints, blobs are the truth:
/// <code>
///   new attempt ──> hand over ──> wait: completion event | timer | cancel
///        ^                              │ any of them
///        │                              v
///        │                            look
///        └── failed, worth a retry ─────┤
///                                       ├── done: accept the result; a cancelled talk's attempts and lost runners' have one
///                                       ├── silent: look again after a while; no new heartbeat by then means that its runner is lost
///                                       └── working, or still queued: wait longer (queued for long: send the same attempt again)
/// </code>
/// The event of an attempt is awaited once and its task is held through the loop: a wait that was given up would swallow the event.
/// </summary>
/// <param name="context">The orchestration.</param>
/// <param name="talk">The talk's id.</param>
/// <param name="rules">How to wait.</param>
internal sealed class StageCalls(IOrchestrationContext context, string talk, WaitRules rules)
{
    /// <summary>The external event that wakes a talk because it was cancelled.</summary>
    public const string CancelEvent = "cancel";

    private readonly Task _cancelled = context.WaitForExternalEvent<string?>(CancelEvent);

    /// <summary>Does a stage's work, in as many attempts as the rules allow; one that another runner was faster than does not count.</summary>
    /// <param name="stage">A stage that is handed to runners.</param>
    /// <param name="piece">The windows; for <see cref="Stage.Sample"/> only.</param>
    /// <exception cref="TalkException">The work failed for good, or the talk was cancelled.</exception>
    public async Task<AttemptResult> DoAsync(Stage stage, Piece? piece = null)
    {
        TalkError? cause = null;
        // Who loses a window to another runner has not failed: the talk has that window. There is one such loss for each window at most.
        var (failures, losses) = (0, 0);
        while (failures < rules.MaxAttempts)
        {
            var result = await AttemptAsync(stage, piece);
            if (result.Error is null)
            {
                return result;
            }

            cause = result.Error;
            if (!IsWorthAnotherAttempt(cause))
            {
                throw new TalkException(cause);
            }

            if (cause.Code == ErrorCode.CommitConflict && losses < piece?.Count)
            {
                losses++;
            }
            else
            {
                failures++;
            }
        }

        throw new TalkException(ErrorCode.AttemptsExhausted,
            $"{StageNames.Of(stage)} failed on {rules.MaxAttempts} attempts; the last cause was {cause} Retry the talk to go on from here.");
    }

    /// <summary>One attempt, to its result.</summary>
    private async Task<AttemptResult> AttemptAsync(Stage stage, Piece? piece)
    {
        var id = context.NewGuid().ToString("n");
        var work = new WorkReference(talk, stage, piece?.Key ?? WorkReference.WholeTalk, id);
        var request = new AttemptRequest(work, new ReplyAddress(context.InstanceId, $"done-{id}"), piece);
        List<Task> wakers = [context.WaitForExternalEvent<WorkReference>(request.Reply.Event), _cancelled];
        await HandOverAsync(request);

        var wait = rules.FirstLookSeconds;
        var resendWait = rules.FirstResendSeconds;
        var resendAt = context.CurrentUtcDateTime.AddSeconds(resendWait);
        DateTimeOffset? silentSince = null;
        double? untilLimit = null;
        while (true)
        {
            await SleepAsync(wakers, TimeSpan.FromSeconds(Math.Min(wait, untilLimit ?? wait)));
            var sighting = await context.CallActivityAsync<Sighting>(
                ActivityNames.Look, new LookRequest(work, rules.StaleHeartbeatSeconds, silentSince, rules.Limits), ActivityRetryPolicy.Default);
            switch (sighting.State)
            {
                case SightingState.Done:
                    return sighting.Result!;
                case SightingState.Queued when context.CurrentUtcDateTime >= resendAt:
                    await HandOverAsync(request);
                    resendWait *= 2;
                    resendAt = context.CurrentUtcDateTime.AddSeconds(resendWait);
                    break;
            }

            silentSince = sighting.SilentSince;
            wait = silentSince is null ? Math.Min(wait * rules.LookGrowth, rules.LongestLookSeconds) : rules.StaleHeartbeatSeconds / 2;
            untilLimit = sighting.SecondsToLimit;
        }
    }

    private Task<bool> HandOverAsync(AttemptRequest request) =>
        context.CallActivityAsync<bool>(ActivityNames.HandOver(request.Work.Stage), request, ActivityRetryPolicy.Default);

    /// <summary>Waits for any waker or the time. A waker wakes once: what it says is looked up, and it may say it too early.</summary>
    private async Task SleepAsync(List<Task> wakers, TimeSpan wait)
    {
        using var timer = new CancellationTokenSource();
        var woken = await Task.WhenAny([.. wakers, context.CreateTimer(wait, timer.Token)]);
        wakers.Remove(woken);
        timer.Cancel();
    }

    private static bool IsWorthAnotherAttempt(TalkError error) =>
        ErrorCatalog.KindOf(error.Code) != ErrorKind.Cancelled && ErrorCatalog.CanRetry(error.Code);
}
