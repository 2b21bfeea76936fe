using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WanTalk.Api.Callers;
using WanTalk.Api.Problems;
using WanTalk.Core.Json;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.Uploads;

/// <summary>The answers to requests about uploads, the same in every host.</summary>
/// <param name="owned">The callers' uploads.</param>
/// <param name="uploads">Where they are sent.</param>
/// <param name="options">What callers may upload.</param>
/// <param name="guard">Knows the callers, and turns exceptions into problems.</param>
/// <param name="problems">Turns exceptions into problems where no key is asked for.</param>
public sealed class UploadHandlers(OwnedUploads owned, IUploadStore uploads, UploadOptions options, CallerGuard guard, ProblemGuard problems)
{
    private const string TokenParameter = "token";

    /// <summary>Authorises an upload: 201 with where and how to send it, and what talks call it.</summary>
    public Task<IResult> AuthoriseAsync(HttpContext http) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        var server = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
        var upload = await owned.AuthoriseAsync(caller, server, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(upload, CoreJson.Options, null, StatusCodes.Status201Created);
    });

    /// <summary>Takes an upload: 201. Its address says that it may be sent, so that nobody is asked for a key.</summary>
    public Task<IResult> ReceiveAsync(HttpContext http, string id) => problems.AnswerAsync(http, async cancellationToken =>
    {
        AllowPages(http);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.MaxBytes;
        }

        try
        {
            await uploads.ReceiveAsync(id, http.Request.Query[TokenParameter], http.Request.ContentLength, http.Request.Body, cancellationToken);
        }
        catch (IOException gone) when (http.RequestAborted.IsCancellationRequested)
        {
            throw new OperationCanceledException("The caller has gone.", gone, http.RequestAborted);
        }

        return Results.StatusCode(StatusCodes.Status201Created);
    });

    /// <summary>Tells a browser that a page of any site may send an upload whose address it has: 204.</summary>
    public Task<IResult> PermitAsync(HttpContext http) => problems.AnswerAsync(http, _ =>
    {
        AllowPages(http);
        http.Response.Headers.AccessControlAllowMethods = HttpMethods.Put;
        http.Response.Headers.AccessControlAllowHeaders = "Content-Type";
        http.Response.Headers.AccessControlMaxAge = "3600";
        return Task.FromResult(Results.NoContent());
    });

    private static void AllowPages(HttpContext http) => http.Response.Headers.AccessControlAllowOrigin = "*";
}
