using WanTalk.Faults.Invariants;
using WanTalk.Faults.Runs;

namespace WanTalk.Faults.Watching;

/// <summary>Carries one talk through a run: submits it, looks at it, cancels and retries it as planned, and holds each look to the invariants.</summary>
internal sealed class TalkWatch(TalkHistory history, TalkApi api, int seed, TimeSpan faultsEnd, Violations violations, RunLog log)
{
    /// <summary>A talk that fails again and again under faults is left until they are over.</summary>
    private const int MostRetries = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly StatusOrder _order = new(history, violations);

    /// <summary>Runs until the talk has ended for good.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        history.AskedAt = log.Elapsed;
        var (id, refusal) = await api.SubmitAsync(history.Planned.Script, $"soak-{seed}-{history.Number}", cancellationToken);
        if (id is null)
        {
            violations.Add("accepted", history, $"was refused: {refusal}");
            return;
        }

        (history.Id, history.BegunAt) = (id, log.Elapsed);
        log.Write($"{history} was accepted");
        while (true)
        {
            await UntilEndedAsync(id, cancellationToken);
            log.Write($"{history} {history.Last!.Status}{(history.Last.Code is null ? "" : $" with {history.Last.Code}: {history.Last.Message}")}");
            if (!await RetryAsync(id, cancellationToken))
            {
                return;
            }
        }
    }

    private async Task UntilEndedAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            await CancelAsync(id, cancellationToken);
            var (sight, isUnknown) = await api.LookAsync(id, cancellationToken);
            if (isUnknown)
            {
                violations.Add("kept", history, "was accepted and is not known any more");
            }

            if (sight is not null)
            {
                history.Last = sight;
                _order.Look(sight);
                if (sight.HasEnded)
                {
                    history.EndedAt = log.Elapsed;
                    if (sight.Status == "completed")
                    {
                        await VideoWhenDone.CheckAsync(history, api, violations, cancellationToken);
                    }

                    return;
                }
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (history.Planned.CancelAfter is not { } after || history.Cancellations > 0 || log.Elapsed < history.BegunAt + after)
        {
            return;
        }

        // It may have an effect though its answer is lost.
        (history.IsCancelAsked, history.Cancellations) = (true, 1);
        var accepted = await api.AskAsync(id, "cancel", cancellationToken);
        log.Write($"{history} {(accepted ? "is cancelled" : "had ended before it was cancelled")}");
    }

    /// <returns>False when the talk is left as it ended.</returns>
    private async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var status = history.Last!.Status;
        if (status == "completed" || (status == "cancelled" && history.Planned.RetryAfter is null))
        {
            return false;
        }

        if (history.Retries >= MostRetries && log.Elapsed < faultsEnd)
        {
            await Task.Delay(faultsEnd - log.Elapsed, cancellationToken);
        }
        else if (history.Retries > MostRetries)
        {
            return false;
        }

        await Task.Delay(history.Planned.RetryAfter ?? TimeSpan.FromSeconds(1), cancellationToken);
        (history.IsCancelAsked, history.BegunAt) = (false, log.Elapsed);
        history.Retries++;
        _order.Retried();
        await api.AskAsync(id, "retry", cancellationToken);
        log.Write($"{history} is retried");
        return true;
    }
}
