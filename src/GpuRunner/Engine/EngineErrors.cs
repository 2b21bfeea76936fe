using WanTalk.ComfyUI;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Engine;

/// <summary>Says in WanTalk's codes what went wrong at the engine.</summary>
internal static class EngineErrors
{
    /// <summary>How the exceptions of our node pack that carry a code are named, before the code.</summary>
    private const string CodedType = "wantalk.";

    /// <summary>A request that came to nothing.</summary>
    public static TalkException From(ComfyException failure) => new(
        failure.Kind switch
        {
            ComfyErrorKind.Unreachable or ComfyErrorKind.TimedOut => ErrorCode.EngineUnavailable,
            ComfyErrorKind.NotFound => ErrorCode.EngineOutputInvalid,
            _ => ErrorCode.EngineFailed,
        },
        failure.Message,
        failure);

    /// <summary>A prompt that failed.</summary>
    public static TalkException From(PromptFailure failure) => new(
        failure.Kind switch
        {
            PromptFailureKind.Execution when IsCoded(failure) =>
                ErrorCatalog.TryFind(failure.ExceptionType![CodedType.Length..], out var code) ? code : ErrorCode.EngineOutputInvalid,
            PromptFailureKind.Validation => ErrorCode.EngineRefused,
            PromptFailureKind.OutOfMemory => ErrorCode.EngineOutOfMemory,
            PromptFailureKind.OutputMissing => ErrorCode.EngineOutputInvalid,
            PromptFailureKind.ServerGone or PromptFailureKind.Lost => ErrorCode.EngineUnavailable,
            _ => ErrorCode.EngineFailed,
        },
        IsCoded(failure) && failure.ExceptionMessage is { Length: > 0 } told
            ? $"{string.Join(' ', told.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))} (Node {failure.NodeId}, {failure.NodeClass}.)"
            : failure.Message);

    private static bool IsCoded(PromptFailure failure) => failure.ExceptionType?.StartsWith(CodedType, StringComparison.Ordinal) == true;
}
