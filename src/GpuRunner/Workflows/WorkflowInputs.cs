using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Windows;
using WanTalk.Core.Workflows;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;

namespace WanTalk.GpuRunner.Workflows;

/// <summary>Brings a talk's inputs to the engine as a workflow's nodes take them.</summary>
internal sealed class WorkflowInputs(IArtifactStore store, FfmpegOptions ffmpeg)
{
    private const int ResampleRatio = WindowArithmetic.SpeechSampleRate / WindowArithmetic.EngineSampleRate;

    /// <summary>Uploads the portrait, the speech as the engine hears it, and the speech as the video carries it.</summary>
    public async Task<WorkflowFiles> UploadAsync(
        StageContext context, EngineSession session, TalkPlan plan, CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        var heard = (plan.SpeechSamples + ResampleRatio - 1) / ResampleRatio;
        return new WorkflowFiles(
            await session.UploadAsync(store, paths.Portrait, "portrait.png", cancellationToken),
            await CutAsync(
                context, session, paths.SpeechMono, "speech-heard.flac", plan.FirstSpeechSample / ResampleRatio, heard,
                heard + plan.PadSamples16k + WorkflowPatch.SpareSamples, cancellationToken),
            await CutAsync(
                context, session, paths.Speech, "speech.flac", plan.FirstSpeechSample, plan.SpeechSamples, plan.SpeechSamples, cancellationToken),
            session.Prefix);
    }

    private async Task<string> CutAsync(
        StageContext context, EngineSession session, ArtifactPath from, string name, long first, long samples, long length,
        CancellationToken cancellationToken)
    {
        var whole = Path.Combine(context.Scratch, $"whole-{name}");
        var part = Path.Combine(context.Scratch, name);
        await store.FetchAsync(from, whole, cancellationToken);
        await new SpeechCutter(ffmpeg).CutAsync(whole, first, samples, length, part, cancellationToken);
        await using var content = File.OpenRead(part);
        return await session.UploadAsync(content, name, cancellationToken);
    }
}
