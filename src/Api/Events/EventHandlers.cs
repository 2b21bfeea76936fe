using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Api.Callers;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;

namespace WanTalk.Api.Events;

/// <summary>Lets callers watch their talks, the same in every host.</summary>
/// <param name="talks">The callers' talks.</param>
/// <param name="options">How talks are watched.</param>
/// <param name="guard">Knows the callers, and turns exceptions into problems.</param>
/// <param name="time">The clock of looks and limits.</param>
/// <param name="lifetime">Tells when the server stops.</param>
/// <param name="logger">Where it is told why a stream ended that should not have.</param>
public sealed class EventHandlers(
    OwnedTalks talks, EventOptions options, CallerGuard guard, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EventHandlers> logger)
{
    /// <summary>
    /// A stream of the talk's states: <c>progress</c> for each that differs from the one before, <c>end</c> for the last, behind which the
    /// server closes. Who says in <c>Last-Event-ID</c> what he had last gets the current state, unless that is it; who had the end gets 204,
    /// which tells browsers not to come again.
    /// </summary>
    public Task<IResult> WatchAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        var now = await LookAsync(cancellationToken) ?? throw new TalkException(ErrorCode.TalkNotFound, $"There is no talk '{id}'.");
        return now.IsLast && http.Request.Headers["Last-Event-ID"] == now.Id
            ? Results.NoContent()
            : new EventStream(now, LookAsync, options, time, logger, lifetime.ApplicationStopping);

        async Task<TalkEvent?> LookAsync(CancellationToken token) =>
            await talks.ReadAsync(caller, id, token) is { } view ? TalkEvent.Of(http, view) : null;
    }, id);
}
