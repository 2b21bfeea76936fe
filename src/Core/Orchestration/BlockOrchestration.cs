using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Work;

namespace WanTalk.Core.Orchestration;

/// <summary>Samples at most <see cref="MaxPieces"/> pieces of a take, one after the other.</summary>
public static class BlockOrchestration
{
    /// <summary>The registered name.</summary>
    public const string Name = "BlockOrchestrator";

    /// <summary>
    /// How many pieces a block has at most. Every turn reads the block's history again: with fifty a piece of a long talk costs nearly twice
    /// what one of a short talk costs, with ten a quarter more at most, and the blocks themselves cost little (<c>bench orchestration</c>).
    /// </summary>
    public const int MaxPieces = 10;

    /// <summary>Samples the pieces of a block.</summary>
    public static async Task<SamplingOutcome> RunAsync(IOrchestrationContext context, BlockInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var stages = new StageCalls(context, input.Talk, input.Rules);
        var (next, last) = (input.NextWindow, input.Last);
        try
        {
            for (var piece = 0; piece < MaxPieces && next < input.Windows; piece++)
            {
                var count = Math.Min(PieceSize.After(last), input.Windows - next);
                var result = await stages.DoAsync(Stage.Sample, new Piece(input.Take, next, count));
                last = result.SecondsPerWindow is null ? last : result;
                next = Math.Max(result.NextWindow ?? 0, next + count);
            }

            return new SamplingOutcome(next, last, null);
        }
        catch (TalkException failure)
        {
            return new SamplingOutcome(next, last, failure.Error);
        }
        catch (OrchestrationTaskFailedException failure)
        {
            return new SamplingOutcome(next, last, TalkError.Parse(failure.ErrorMessage));
        }
    }
}
