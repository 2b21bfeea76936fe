using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;

namespace WanTalk.Api.Problems;

/// <summary>Turns what handlers throw into problem details, so that no stack trace and no empty answer ever leaves.</summary>
internal sealed class ProblemFilter(ILogger<ProblemFilter> logger) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (TalkException failure)
        {
            return Problem.Of(failure.Error);
        }
        catch (BadHttpRequestException failure)
        {
            return Problem.Of(new TalkError(ErrorCode.ArgumentInvalid, failure.Message));
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "{Method} {Path} failed", context.HttpContext.Request.Method, context.HttpContext.Request.Path);
            return Problem.Of(new TalkError(ErrorCode.Internal, "Something went wrong here; it is in the server's log. Try again."));
        }
    }
}
