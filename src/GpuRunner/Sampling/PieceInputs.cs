using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;
using WanTalk.Core.Work;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>What a piece is sampled from.</summary>
/// <param name="Request">The talk's request.</param>
/// <param name="Plan">The talk's plan.</param>
/// <param name="Conditioning">The talk's conditioning.</param>
/// <param name="Piece">The windows.</param>
internal sealed record PieceInputs(TalkRequest Request, TalkPlan Plan, ConditioningRecord Conditioning, Piece Piece)
{
    /// <summary>The take that the piece belongs to.</summary>
    public TakePlan Take => Plan.Takes[Piece.Take];

    /// <summary>The windows of that take.</summary>
    public WindowPlan Windows => WindowPlan.ForFrames(Take.VisibleFrames);

    /// <summary>The window behind the piece's last.</summary>
    public int End => Piece.FirstWindow + Piece.Count;
}
