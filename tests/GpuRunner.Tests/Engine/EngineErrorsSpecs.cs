using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>What went wrong at the engine, in WanTalk's codes.</summary>
public sealed class EngineErrorsSpecs
{
    [Theory]
    [InlineData(PromptFailureKind.Execution, "ValueError", ErrorCode.EngineFailed)]
    [InlineData(PromptFailureKind.Execution, "wantalk.portrait_no_face", ErrorCode.PortraitNoFace)]
    [InlineData(PromptFailureKind.Execution, "wantalk.frames_invalid", ErrorCode.EngineOutputInvalid)]
    [InlineData(PromptFailureKind.OutOfMemory, "torch.OutOfMemoryError", ErrorCode.EngineOutOfMemory)]
    [InlineData(PromptFailureKind.OutputMissing, null, ErrorCode.EngineOutputInvalid)]
    [InlineData(PromptFailureKind.Lost, null, ErrorCode.EngineUnavailable)]
    public void A_failed_prompt_has_the_code_of_its_cause(PromptFailureKind kind, string? type, ErrorCode code)
    {
        var failure = EngineErrors.From(new PromptFailure(kind, "What happened.") { ExceptionType = type });
        Assert.Equal((code, "What happened."), (failure.Error.Code, failure.Error.Message));
    }
}
