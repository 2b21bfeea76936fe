using CsCheck;
using WanTalk.Core.Work;

namespace WanTalk.Core.Tests.Work;

public class PieceSizeSpecs
{
    /// <summary>Dividing and multiplying again does not always come to the same number.</summary>
    private const double Rounding = 1e-9;

    [Fact]
    public void A_piece_aims_at_five_minutes_and_stays_within_its_bounds() =>
        Gen.Double[0.001, 5000].Sample(seconds =>
        {
            var size = PieceSize.After(new AttemptResult(null, 1, "a", 1, seconds));
            Assert.InRange(size, 1, PieceSize.Most);
            Assert.True(size == 1 || size * seconds <= 300 + Rounding, $"{size} windows of {seconds} s are more than five minutes");
            Assert.True(size == PieceSize.Most || (size + 1) * seconds > 300 - Rounding, $"{size} windows of {seconds} s are less than they could be");
        });

    [Fact]
    public void Before_anything_was_measured_it_is_a_guess()
    {
        Assert.Equal(PieceSize.First, PieceSize.After(null));
        Assert.Equal(PieceSize.First, PieceSize.After(new AttemptResult(null, 1, "a", 0)));
    }
}
