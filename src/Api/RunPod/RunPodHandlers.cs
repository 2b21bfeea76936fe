using System.Globalization;
using Microsoft.AspNetCore.Http;
using WanTalk.Api.Callers;
using WanTalk.Api.Talks;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.RunPod;

namespace WanTalk.Api.RunPod;

/// <summary>The answers to requests in RunPod's contract, the same in every host.</summary>
/// <param name="jobs">The jobs, one by one.</param>
/// <param name="queue">The jobs, taken together.</param>
/// <param name="options">How the contract is answered.</param>
/// <param name="guard">Knows the callers, and turns exceptions into answers.</param>
public sealed class RunPodHandlers(RunPodJobs jobs, RunPodQueue queue, RunPodOptions options, CallerGuard guard)
{
    /// <summary>Accepts a job.</summary>
    public Task<IResult> RunAsync(HttpContext http, string endpoint) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
    {
        var (id, problems) = await StartAsync(http, scope, RunPodLimits.MaxRunBytes, cancellationToken);
        return id is null ? RunPodProblem.Of(problems) : Tell(new RunPodAcknowledgement(id, RunPodState.InQueue));
    });

    /// <summary>Accepts a job, and tells it when it has ended or the wait is over.</summary>
    public Task<IResult> RunSyncAsync(HttpContext http, string endpoint) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
    {
        var wait = WaitOf(http.Request);
        var (id, problems) = await StartAsync(http, scope, RunPodLimits.MaxRunSyncBytes, cancellationToken);
        if (id is null)
        {
            return RunPodProblem.Of(problems);
        }

        await jobs.WaitAsync(id, wait, cancellationToken);
        return Tell(await jobs.ReadAsync(scope, id, VideoLink(http, id), cancellationToken));
    });

    /// <summary>Tells where a job stands.</summary>
    public Task<IResult> ReadAsync(HttpContext http, string endpoint, string id) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
        Tell(await jobs.ReadAsync(scope, id, VideoLink(http, id), cancellationToken)));

    /// <summary>Tells how far a job is, as parts of a stream.</summary>
    public Task<IResult> StreamAsync(HttpContext http, string endpoint, string id) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
    {
        var job = await jobs.ReadAsync(scope, id, VideoLink(http, id), cancellationToken);
        return Tell(new RunPodStream(job.Status, job.Output is { } output ? [new RunPodStreamItem(output)] : []));
    });

    /// <summary>Cancels a job.</summary>
    public Task<IResult> CancelAsync(HttpContext http, string endpoint, string id) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
    {
        await jobs.CancelAsync(scope, id, cancellationToken);
        return Tell(new RunPodAcknowledgement(id, RunPodState.Cancelled));
    });

    /// <summary>Starts a job again.</summary>
    public Task<IResult> RetryAsync(HttpContext http, string endpoint, string id) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
    {
        await jobs.RetryAsync(scope, id, VideoLink(http, id), cancellationToken);
        return Tell(new RunPodAcknowledgement(id, RunPodState.InQueue));
    });

    /// <summary>Counts the endpoint's jobs and runners.</summary>
    public Task<IResult> ReadHealthAsync(HttpContext http, string endpoint) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
        Tell(await queue.ReadHealthAsync(scope, cancellationToken)));

    /// <summary>Cancels the endpoint's jobs that no runner has taken.</summary>
    public Task<IResult> PurgeAsync(HttpContext http, string endpoint) => AnswerAsync(http, endpoint, async (scope, cancellationToken) =>
        Tell(new RunPodPurge(await queue.PurgeAsync(scope, cancellationToken))));

    private Task<IResult> AnswerAsync(HttpContext http, string endpoint, Func<RunPodScope, CancellationToken, Task<IResult>> answer) =>
        guard.AnswerAsync(http, (caller, cancellationToken) => answer(RunPodScope.Of(endpoint, caller), cancellationToken), tell: RunPodProblem.Of);

    private async Task<(string? Id, IReadOnlyList<TalkError> Problems)> StartAsync(
        HttpContext http, RunPodScope scope, long mostBytes, CancellationToken cancellationToken)
    {
        var body = await BoundedBody.ReadAsync(http.Request, mostBytes, cancellationToken);
        return await jobs.StartAsync(scope, body, id => VideoLink(http, id), cancellationToken);
    }

    private TimeSpan WaitOf(HttpRequest request)
    {
        var wait = RunPodLimits.DefaultWaitMs;
        if (request.Query["wait"].FirstOrDefault() is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out wait)
                || wait is < RunPodLimits.MinWaitMs or > RunPodLimits.MaxWaitMs))
        {
            throw new TalkException(new TalkError(
                ErrorCode.ArgumentInvalid, $"wait is no number of {RunPodLimits.MinWaitMs} to {RunPodLimits.MaxWaitMs} ms.", "wait"));
        }

        return TimeSpan.FromSeconds(Math.Min(wait / 1000.0, options.MostWaitSeconds));
    }

    private static string VideoLink(HttpContext http, string id) => TalkLinks.Of(http.Request, id).Video;

    private static IResult Tell<T>(T body) => Results.Json(body, CoreJson.Options);
}
