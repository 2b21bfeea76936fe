using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;
using WanTalk.Core.Telemetry;

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
    /// <param name="talk">The talk that it is about; null for none.</param>
    /// <param name="tell">Makes the answer for errors; null for problem details.</param>
    public async Task<IResult> AnswerAsync(
        HttpContext http, Func<CancellationToken, Task<IResult>> answer, string? talk = null, Func<IReadOnlyList<TalkError>, IResult>? tell = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(answer);
        tell ??= Problem.Of;
        using var scope = talk is null || !TalkId.IsValid(talk) ? null : logger.BeginScope(TalkScope.Of(talk));
        try
        {
            return await answer(http.RequestAborted);
        }
        catch (TalkException failure)
        {
            if (failure.Error.Code == ErrorCode.KeyInvalid)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
            }

            return tell([failure.Error]);
        }
        catch (LimitedException limited)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(limited.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return tell([limited.Error]);
        }
        catch (BadHttpRequestException failure)
        {
            return tell([new TalkError(
                failure.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCode.RequestTooLarge : ErrorCode.ArgumentInvalid, failure.Message)]);
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
