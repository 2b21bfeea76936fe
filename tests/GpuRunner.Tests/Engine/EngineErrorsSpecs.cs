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
    [InlineData(PromptFailureKind.Execution, "wantalk.audio_invalid", ErrorCode.AudioInvalid)]
    [InlineData(PromptFailureKind.Execution, "wantalk.conditioning_invalid", ErrorCode.ConditioningInvalid)]
    [InlineData(PromptFailureKind.Execution, "wantalk.frames_invalid", ErrorCode.FramesInvalid)]
    [InlineData(PromptFailureKind.Execution, "wantalk.file_refused", ErrorCode.EngineOutputInvalid)]
    [InlineData(PromptFailureKind.OutOfMemory, "torch.OutOfMemoryError", ErrorCode.EngineOutOfMemory)]
    [InlineData(PromptFailureKind.OutputMissing, null, ErrorCode.EngineOutputInvalid)]
    [InlineData(PromptFailureKind.Lost, null, ErrorCode.EngineUnavailable)]
    public void A_failed_prompt_has_the_code_of_its_cause(PromptFailureKind kind, string? type, ErrorCode code)
    {
        var failure = EngineErrors.From(new PromptFailure(kind, "What happened.") { ExceptionType = type });
        Assert.Equal((code, "What happened."), (failure.Error.Code, failure.Error.Message));
    }

    [Fact]
    public void A_refusal_of_our_node_pack_is_told_in_its_own_words_on_one_line()
    {
        var failure = EngineErrors.From(new PromptFailure(PromptFailureKind.Execution, "Node 311 failed: …")
        {
            NodeId = "311",
            NodeClass = "WanTalkCheckAudio",
            ExceptionType = "wantalk.audio_invalid",
            ExceptionMessage = "It is no audio.\nGive another.\n",
        });
        Assert.Equal("audio_invalid: It is no audio. Give another. (Node 311, WanTalkCheckAudio.)", failure.Error.ToString());
    }
}
