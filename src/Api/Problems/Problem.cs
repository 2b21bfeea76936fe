using Microsoft.AspNetCore.Http;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;

namespace WanTalk.Api.Problems;

/// <summary>
/// An HTTP error as RFC 9457 problem details, with WanTalk's stable code and all that was wrong with the request. It concerns the request
/// only; how a talk ends is told in its status.
/// </summary>
/// <param name="Type">A URI that names the kind of problem.</param>
/// <param name="Title">The kind of problem, in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened and what to change; the first of the errors.</param>
/// <param name="Code">The stable code of the first error.</param>
/// <param name="Field">The field, parameter or header of the request that the first error is about; absent where it is about none.</param>
/// <param name="Errors">All that was wrong.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Code, string? Field, IReadOnlyList<TalkError> Errors)
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The answer for one error.</summary>
    public static IResult Of(TalkError error) => Of([error]);

    /// <summary>The answer for one error or more; the first decides the status.</summary>
    public static IResult Of(IReadOnlyList<TalkError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var first = errors[0];
        var code = ErrorCatalog.Name(first.Code);
        var status = StatusOf(first.Code);
        var problem = new Problem($"urn:wantalk:error:{code}", TitleOf(first.Code), status, first.Message, code, first.Field, errors);
        return Results.Json(problem, CoreJson.Options, MediaType, status);
    }

    private static int StatusOf(ErrorCode code) => ErrorCatalog.KindOf(code) switch
    {
        ErrorKind.Input => StatusCodes.Status400BadRequest,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.Limited => StatusCodes.Status429TooManyRequests,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Method => StatusCodes.Status405MethodNotAllowed,
        ErrorKind.MediaType => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.Conflict or ErrorKind.Cancelled => StatusCodes.Status409Conflict,
        ErrorKind.Infrastructure => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string TitleOf(ErrorCode code) => ErrorCatalog.KindOf(code) switch
    {
        ErrorKind.Input => "The request is wrong",
        ErrorKind.TooLarge => "The request is too large",
        ErrorKind.Unauthenticated => "A key is needed",
        ErrorKind.Forbidden => "Not allowed",
        ErrorKind.Limited => "A limit is reached",
        ErrorKind.NotFound => "There is no such thing",
        ErrorKind.Method => "The address has no such method",
        ErrorKind.MediaType => "The body is of another kind",
        ErrorKind.Conflict or ErrorKind.Cancelled => "Not in this state",
        ErrorKind.Infrastructure => "Something underneath failed",
        _ => "A fault in WanTalk",
    };
}
