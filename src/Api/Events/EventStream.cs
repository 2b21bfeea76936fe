using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;

namespace WanTalk.Api.Events;

/// <summary>An answer that goes on while a talk is under way: each of its states, in the format of event streams.</summary>
/// <param name="now">The talk's state at the request.</param>
/// <param name="look">Looks at the talk; null when it is gone.</param>
/// <param name="options">How it is watched.</param>
/// <param name="time">The clock of looks and limits.</param>
/// <param name="logger">Where it is told why a stream ended that should not have.</param>
/// <param name="stopping">Fires when the server stops, which would wait for the stream otherwise.</param>
internal sealed class EventStream(
    TalkEvent now, Func<CancellationToken, Task<TalkEvent?>> look, EventOptions options, TimeProvider time, ILogger logger, CancellationToken stopping)
    : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // Proxies that keep answers back until they are whole are asked not to.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.MostSeconds), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, limit.Token, stopping);
        try
        {
            await TellAsync(response, httpContext.Request.Headers["Last-Event-ID"].FirstOrDefault(), end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The watcher has gone, or is to come again.
        }
        catch (Exception fault) when (!httpContext.RequestAborted.IsCancellationRequested)
        {
            // The answer has begun and cannot become an error any more; the watcher comes again, and is told then.
            logger.LogError(fault, "{Path} broke off", httpContext.Request.Path);
        }
    }

    /// <summary>Tells every state that the watcher has not, until the last.</summary>
    private async Task TellAsync(HttpResponse response, string? had, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.LookSeconds), time);
        var told = time.GetTimestamp();
        await WriteAsync(response, $"retry: {options.ReconnectMilliseconds}\n\n", cancellationToken);
        for (TalkEvent? state = now; state is not null; state = await LookAsync(state, cancellationToken))
        {
            if (state.Id != had)
            {
                // From before it is written: the watcher may have it before the write has ended here.
                (had, told) = (state.Id, time.GetTimestamp());
                await WriteAsync(response, state.ToString(), cancellationToken);
            }
            else if (time.GetElapsedTime(told).TotalSeconds >= options.QuietSeconds)
            {
                told = time.GetTimestamp();
                await WriteAsync(response, ":\n\n", cancellationToken);
            }

            if (state.IsLast)
            {
                return;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The state now; the one before when the storage does not answer, which may be over at the next look.</summary>
    private async Task<TalkEvent?> LookAsync(TalkEvent before, CancellationToken cancellationToken)
    {
        try
        {
            return await look(cancellationToken);
        }
        catch (TalkException failure) when (ErrorCatalog.KindOf(failure.Error.Code) == ErrorKind.Infrastructure)
        {
            logger.LogWarning("A look at a talk failed: {Reason}", failure.Error.Message);
            return before;
        }
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
