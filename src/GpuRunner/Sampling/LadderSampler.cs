using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Stages;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>
/// Samples a piece, and climbs the memory ladder whenever the GPU's memory runs out; each try goes on at the failed window. A window of
/// black frames, or of frames that are no numbers, is made once more with models that were loaded anew: weights may have been damaged on
/// their way to the GPU. If the second is like the first, it is the model or its precision, and more tries would only cost GPU time.
/// </summary>
internal sealed class LadderSampler(
    PieceSampler sampler, WindowRecovery recovery, WindowChain chain, EngineAccess engine, HomeLayout home, ILogger logger)
{
    /// <summary>Samples what is not committed of a piece.</summary>
    /// <exception cref="TalkException">The engine failed; memory ran out on the ladder's top; a window was invalid twice.</exception>
    public async Task SampleAsync(StageContext context, PieceInputs inputs, CancellationToken cancellationToken)
    {
        MemoryLadder? ladder = null;
        var modelsAreNew = false;
        while (true)
        {
            try
            {
                await engine.UseAsync(context, async session =>
                {
                    await recovery.RunAsync(context, session, inputs, cancellationToken);
                    ladder ??= await BeginAsync(session, inputs, cancellationToken);
                    if (ladder.Rung != MemoryRung.AsAsked || modelsAreNew)
                    {
                        await session.FreeMemoryAsync(cancellationToken);
                    }

                    new BrokenUse(inputs.Request.Id, inputs.Take.Index, session.RunId, ladder.Settings).Note(home);
                    await sampler.SampleAsync(context, session, inputs, ladder.Settings, cancellationToken);
                }, cancellationToken);
                BrokenUse.Forget(home, inputs.Request.Id, inputs.Take.Index);
                return;
            }
            catch (TalkException failure) when (failure.Error.Code == ErrorCode.EngineOutOfMemory && ladder?.Climb() == true)
            {
                logger.LogWarning("{Work}: {Error} Going on with {Rung}: {Settings}", context.Request.Work, failure.Error, ladder.Rung, ladder.Settings);
                if (ladder.Rung == MemoryRung.RestartedEngine)
                {
                    await engine.RestartAsync(cancellationToken);
                }
            }
            catch (TalkException failure) when (failure.Error.Code == ErrorCode.WindowTooSlow && engine.CanRestart)
            {
                // A GPU that hangs does not hear that its prompt was withdrawn.
                logger.LogWarning("{Work}: {Error} The engine is restarted.", context.Request.Work, failure.Error);
                await engine.RestartAsync(cancellationToken);
                throw;
            }
            catch (TalkException failure) when (failure.Error.Code == ErrorCode.FramesInvalid && !modelsAreNew)
            {
                logger.LogWarning("{Work}: {Error} Trying that window once more with models loaded anew.", context.Request.Work, failure.Error);
                modelsAreNew = true;
                if (engine.CanRestart)
                {
                    await engine.RestartAsync(cancellationToken);
                }
            }
        }
    }

    private async Task<MemoryLadder> BeginAsync(EngineSession session, PieceInputs inputs, CancellationToken cancellationToken)
    {
        var next = await chain.FindNextAsync(inputs.Piece.FirstWindow, cancellationToken);
        var before = next == 0 ? null : await chain.ReadAsync(next - 1, cancellationToken);
        var asked = WindowSettings.Of(inputs.Request.Sampling, session.Engine.VramTotal);
        return new MemoryLadder(MemoryLadder.Begin(asked, before?.Settings), engine.CanRestart);
    }
}
