using Microsoft.AspNetCore.Http;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;

namespace WanTalk.Api.RunPod;

/// <summary>An HTTP error as RunPod's clients read it.</summary>
/// <param name="Error">What happened and what to change; of several errors, all.</param>
/// <param name="Code">The stable code of the first error.</param>
/// <param name="Field">The field that the first error is about; absent where it is about none.</param>
public sealed record RunPodProblem(string Error, string Code, string? Field)
{
    /// <summary>The answer for one error or more; the first decides the status, which is one of those that RunPod has.</summary>
    public static IResult Of(IReadOnlyList<TalkError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var problem = new RunPodProblem(string.Join(" ", errors.Select(error => error.Message)), ErrorCatalog.Name(errors[0].Code), errors[0].Field);
        return Results.Json(problem, CoreJson.Options, null, StatusOf(errors[0].Code));
    }

    private static int StatusOf(ErrorCode code) => ErrorCatalog.KindOf(code) switch
    {
        ErrorKind.Input or ErrorKind.TooLarge or ErrorKind.Conflict or ErrorKind.Cancelled => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Limited => StatusCodes.Status429TooManyRequests,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Method => StatusCodes.Status405MethodNotAllowed,
        _ => StatusCodes.Status500InternalServerError,
    };
}
