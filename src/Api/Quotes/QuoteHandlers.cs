using Microsoft.AspNetCore.Http;
using WanTalk.Api.Callers;
using WanTalk.Api.Problems;
using WanTalk.Api.Talks;
using WanTalk.Core.Json;
using WanTalk.Core.Quotes;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.Quotes;

/// <summary>The answers to requests for quotes, the same in every host.</summary>
/// <param name="quotes">Says what talks would take.</param>
/// <param name="requests">What the operator decides about requests.</param>
/// <param name="uploads">The callers' uploads.</param>
/// <param name="time">The clock.</param>
/// <param name="guard">Knows the callers, and turns exceptions into problems.</param>
public sealed class QuoteHandlers(TalkQuotes quotes, RequestOptions requests, OwnedUploads uploads, TimeProvider time, CallerGuard guard)
{
    /// <summary>
    /// Says what a talk would take: 200, or 400 with all that is wrong. The body is a talk's request, which needs no portrait, and with
    /// <c>audio_seconds</c> no speech.
    /// </summary>
    public Task<IResult> QuoteAsync(HttpContext http) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        var body = await (await TalkBody.ReadAsync(http, cancellationToken)).WithUploadsAsync(uploads, caller, cancellationToken);
        var draft = requests.Of(body.Draft);
        if (TalkIntake.CheckForQuote(draft, time, out var refused) is not { } request || body.Problems.Count > 0)
        {
            return Problem.Of([.. body.Problems, .. refused]);
        }

        await using var uploaded = await uploads.OpenSpeechAsync(draft, cancellationToken);
        var (_, quote) = await quotes.QuoteAsync(request, draft, uploaded is null ? body.Speech : () => uploaded, cancellationToken);
        return Results.Json(quote, CoreJson.Options);
    });
}
