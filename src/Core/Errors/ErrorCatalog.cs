using System.Collections.Frozen;
using System.Text.Json;

namespace WanTalk.Core.Errors;

/// <summary>What is known of an error from its code alone.</summary>
public static class ErrorCatalog
{
    private static readonly FrozenDictionary<string, ErrorCode> Codes =
        Enum.GetValues<ErrorCode>().ToFrozenDictionary(Name, StringComparer.Ordinal);

    /// <summary>Whose move it is after this error.</summary>
    public static ErrorKind KindOf(ErrorCode code) => code switch
    {
        ErrorCode.TalkNotFound or ErrorCode.StreamNotFound or ErrorCode.ThumbnailNotFound or ErrorCode.PreflightNotFound
            or ErrorCode.EndpointNotFound or ErrorCode.RouteNotFound => ErrorKind.NotFound,
        ErrorCode.MethodNotAllowed => ErrorKind.Method,
        ErrorCode.MediaTypeUnsupported => ErrorKind.MediaType,
        ErrorCode.RequestTooLarge => ErrorKind.TooLarge,
        ErrorCode.KeyInvalid => ErrorKind.Unauthenticated,
        ErrorCode.UploadForbidden => ErrorKind.Forbidden,
        ErrorCode.RateLimited or ErrorCode.TooManyTalks or ErrorCode.TooManyUploads => ErrorKind.Limited,
        ErrorCode.TalkStateConflict or ErrorCode.HomeInUse or ErrorCode.IdempotencyConflict or ErrorCode.UploadNotSent
            or ErrorCode.UploadSent => ErrorKind.Conflict,
        ErrorCode.Cancelled or ErrorCode.TimedOut => ErrorKind.Cancelled,
        ErrorCode.EngineUnavailable or ErrorCode.EngineNotReady or ErrorCode.EngineRefused or ErrorCode.EngineFailed
            or ErrorCode.EngineOutOfMemory or ErrorCode.EngineOutputInvalid or ErrorCode.AudioInvalid or ErrorCode.ConditioningInvalid
            or ErrorCode.FramesInvalid or ErrorCode.ArtifactDamaged or ErrorCode.CommitConflict or ErrorCode.AttemptsExhausted or ErrorCode.DiskFull
            or ErrorCode.StorageUnavailable or ErrorCode.DeliveryFailed or ErrorCode.ProgramMissing or ErrorCode.OrchestrationChanged
            or ErrorCode.WindowTooSlow or ErrorCode.ModelMissing or ErrorCode.ModelUnavailable or ErrorCode.ModelDamaged
            or ErrorCode.InputUnreachable or ErrorCode.QueueUnavailable => ErrorKind.Infrastructure,
        ErrorCode.OrchestrationNondeterministic or ErrorCode.Internal => ErrorKind.Defect,
        _ => ErrorKind.Input,
    };

    /// <summary>
    /// Whether the same work, tried again unchanged, may succeed. What the engine computes from the same inputs is the same again, so that
    /// invalid audio, conditioning and frames are not; frames were made twice before they are told.
    /// </summary>
    public static bool CanRetry(ErrorCode code) =>
        KindOf(code) is not (ErrorKind.Input or ErrorKind.NotFound or ErrorKind.Method or ErrorKind.MediaType or ErrorKind.TooLarge
            or ErrorKind.Unauthenticated or ErrorKind.Forbidden)
        && code is not (ErrorCode.EngineRefused or ErrorCode.EngineNotReady or ErrorCode.AudioInvalid or ErrorCode.ConditioningInvalid
            or ErrorCode.FramesInvalid or ErrorCode.ArtifactDamaged or ErrorCode.ModelMissing or ErrorCode.UploadSent
            or ErrorCode.OrchestrationNondeterministic);

    /// <summary>The code with that name; false when there is none.</summary>
    public static bool TryFind(string name, out ErrorCode code) => Codes.TryGetValue(name, out code);

    /// <summary>The stable code, in snake_case, as people and programs see it.</summary>
    public static string Name(ErrorCode code) => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());
}
