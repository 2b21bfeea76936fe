using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;

namespace WanTalk.Api.Problems;

/// <summary>
/// Turns what handlers throw into problem details, so that no stack trace and no empty answer ever leaves: on Functions, an exception may
/// become an empty 200.
/// </summary>
public sealed class ProblemGuard(ILogger<ProblemGuard> logger)
{
    /// <summary>Answers a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">Makes the answer; its token fires when the caller has gone.</param>
    /// <param name="tell">Makes the answer for errors; null for problem details.</param>
    public async Task<IResult> AnswerAsync(
        HttpContext http, Func<CancellationToken, Task<IResult>> answer, Func<IReadOnlyList<TalkError>, IResult>? tell = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(answer);
        tell ??= Problem.Of;
        try
        {
            return await answer(http.RequestAborted);
        }
        catch (TalkException failure)
        {
            return tell([failure.Error]);
        }
        catch (BadHttpRequestException failure)
        {
            return tell([new TalkError(ErrorCode.ArgumentInvalid, failure.Message)]);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            return tell([new TalkError(ErrorCode.Internal, "Something went wrong here; it is in the server's log. Try again.")]);
        }
    }
}
