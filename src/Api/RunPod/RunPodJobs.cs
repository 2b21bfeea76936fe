using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.RunPod;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.RunPod;

/// <summary>Talks as RunPod's jobs.</summary>
/// <param name="talks">The callers' talks.</param>
/// <param name="store">The artifacts.</param>
/// <param name="orchestrations">Where talks are carried.</param>
/// <param name="requests">What the operator decides about requests.</param>
/// <param name="uploads">The callers' uploads.</param>
/// <param name="time">The clock.</param>
public sealed class RunPodJobs(
    OwnedTalks talks, IArtifactStore store, IOrchestrationClient orchestrations, RequestOptions requests, OwnedUploads uploads, TimeProvider time)
{
    /// <summary>Accepts a job.</summary>
    /// <param name="scope">Where it was sent.</param>
    /// <param name="body">Its body.</param>
    /// <param name="videoLink">Makes the address of a talk's video at this server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its id, or all that is wrong with it.</returns>
    internal async Task<(string? Id, IReadOnlyList<TalkError> Problems)> StartAsync(
        RunPodScope scope, ReadOnlyMemory<byte> body, Func<string, string> videoLink, CancellationToken cancellationToken)
    {
        var job = await RunPodBody.Read(body, scope).WithUploadsAsync(uploads, scope.Caller, cancellationToken);
        var draft = requests.Of(job.Talk.Draft);
        IReadOnlyList<TalkError> problems =
        [
            .. job.Problems,
            .. job.Wishes.Webhook is { } webhook ? talks.RefusalsOfWebhook("webhook", webhook.OriginalString) : [],
            .. talks.RefusalsOf(draft),
        ];
        if (TalkIntake.Check(draft, time, out var refused) is not { } request || problems.Count > 0)
        {
            return (null, [.. problems, .. refused]);
        }

        request = request with
        {
            RunPod = job.Wishes with { VideoLink = videoLink(request.Id) },
            Warnings = [.. request.Warnings, .. job.Warnings],
        };
        await talks.AcceptAsync(scope.Caller, request, new TalkInputs(draft, job.Talk.Portrait, job.Talk.Speech), null, cancellationToken);
        return (request.Id, []);
    }

    /// <summary>Waits until a job has ended, or for so long.</summary>
    internal async Task WaitAsync(string id, TimeSpan most, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await orchestrations.WaitForInstanceCompletionAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // It is not over yet; its status says so.
        }
    }

    /// <summary>Tells where a job stands.</summary>
    /// <exception cref="TalkException">There is no such job.</exception>
    internal async Task<RunPodStatus> ReadAsync(RunPodScope scope, string id, string videoLink, CancellationToken cancellationToken)
    {
        var talk = await talks.ReadAsync(scope.Caller, id, cancellationToken) ?? throw new TalkException(ErrorCode.TalkNotFound, $"There is no job '{id}'.");
        var ending = talk.EndedAt is null ? await Cancellation.ReasonAsync(store, new TalkPaths(id), cancellationToken) : null;
        return RunPodStatus.Of(talk, ending, videoLink, time.GetUtcNow());
    }

    /// <summary>Cancels a job.</summary>
    /// <exception cref="TalkException">There is no such job, or it has ended otherwise.</exception>
    internal Task CancelAsync(RunPodScope scope, string id, CancellationToken cancellationToken) =>
        talks.CancelAsync(scope.Caller, id, cancellationToken);

    /// <summary>Starts a job again that failed or timed out; it goes on from its first missing artifact.</summary>
    /// <exception cref="TalkException">There is no such job, or it did not end so.</exception>
    internal async Task RetryAsync(RunPodScope scope, string id, string videoLink, CancellationToken cancellationToken)
    {
        var status = (await ReadAsync(scope, id, videoLink, cancellationToken)).Status;
        if (status is not (RunPodState.Failed or RunPodState.TimedOut))
        {
            throw new TalkException(ErrorCode.TalkStateConflict, $"The job {id} is {status}. What is FAILED or TIMED_OUT can be retried.");
        }

        if (!await talks.RetryAsync(scope.Caller, id, cancellationToken))
        {
            throw new TalkException(ErrorCode.TalkStateConflict, $"The job {id} is still being ended. Retry it in a few seconds.");
        }
    }
}
