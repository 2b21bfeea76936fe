using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WanTalk.Api.Problems;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;

namespace WanTalk.Api.Callers;

/// <summary>Finds out who calls, before anything else is read of a request.</summary>
/// <param name="options">Who may call.</param>
/// <param name="index">What each has done.</param>
/// <param name="problems">Turns exceptions into problems.</param>
public sealed class CallerGuard(CallerOptions options, TalkIndex index, ProblemGuard problems)
{
    private const string Bearer = "Bearer ";
    private const string KeyHeader = "X-Api-Key";

    // Of the page: pictures, videos and players of a browser send no headers. Reads only, so that a form of another site has nothing of it.
    private const string KeyCookie = "wantalk_key";
    private const string EntraHeader = "X-MS-CLIENT-PRINCIPAL-ID";
    private const int EntraNameCharacters = 32;

    /// <summary>Answers a request of a known caller.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">Makes the answer; its token fires when the caller has gone.</param>
    /// <param name="talk">The talk that the request is about; null for none.</param>
    /// <param name="tell">Makes the answer for errors; null for problem details.</param>
    public Task<IResult> AnswerAsync(
        HttpContext http,
        Func<Caller, CancellationToken, Task<IResult>> answer,
        string? talk = null,
        Func<IReadOnlyList<TalkError>, IResult>? tell = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return problems.AnswerAsync(http, async cancellationToken =>
        {
            var caller = Find(http.Request);
            if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            {
                await index.CountRequestAsync(caller, cancellationToken);
            }

            return await answer(caller, cancellationToken);
        }, talk, tell);
    }

    /// <summary>
    /// Whether a request was meant for this machine: a page of another site may neither send one (its origin is another), nor have its own name
    /// lead here (DNS rebinding).
    /// </summary>
    private static bool IsFromHere(HttpRequest request) =>
        request.Host.Host is "localhost" or "127.0.0.1" or "[::1]"
        && (request.Headers.Origin.FirstOrDefault() is not { Length: > 0 } origin || origin == $"{request.Scheme}://{request.Host}");

    private Caller Find(HttpRequest request)
    {
        if (!options.AreChecked)
        {
            return IsFromHere(request)
                ? Caller.Everybody
                : throw new TalkException(ErrorCode.KeyInvalid,
                    "This server wants no key, and therefore answers this machine only, by its own address. Set keys to have it answer others.");
        }

        if (options.TrustsEntra && request.Headers[EntraHeader].FirstOrDefault() is { Length: > 0 } principal)
        {
            return new Caller($"entra-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(principal)))[..EntraNameCharacters]}", CallerLimits.None);
        }

        var key = request.Headers.Authorization.FirstOrDefault() is { } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : request.Headers[KeyHeader].FirstOrDefault() ?? (HttpMethods.IsGet(request.Method) ? request.Cookies[KeyCookie] : null);
        return string.IsNullOrEmpty(key)
            ? throw new TalkException(ErrorCode.KeyInvalid, "There is no API key with the request. Send it as 'Authorization: Bearer KEY'.")
            : options.Keys.Find(key)
                ?? throw new TalkException(ErrorCode.KeyInvalid, "The API key is not known here. Look whether it was revoked, or is for another server.");
    }
}
