using System.Numerics;
using System.Runtime.Intrinsics;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// The portrait twice, without what is between its lips: once the upper lip goes on downwards and once the lower lip goes on upwards,
/// so that a lip's edge takes nothing of the teeth behind it.
/// </summary>
internal sealed class LipSheets : IDisposable
{
    public LipSheets(Texture portrait, MouthColumns face)
    {
        (Upper, Lower) = (portrait.Copy(), portrait.Copy());
        var (first, last) = (face.LeftCorner - 2, face.RightCorner + 2);
        var corners = new[]
        {
            face.Axes.Leave(new Vector2(first, face.UpperInner.Min() - 2)), face.Axes.Leave(new Vector2(last, face.UpperInner.Min() - 2)),
            face.Axes.Leave(new Vector2(first, face.LowerInner.Max() + 2)), face.Axes.Leave(new Vector2(last, face.LowerInner.Max() + 2)),
        };
        for (var y = (int)corners.Min(c => c.Y); y <= (int)corners.Max(c => c.Y); y++)
        {
            for (var x = (int)corners.Min(c => c.X); x <= (int)corners.Max(c => c.X); x++)
            {
                var at = face.Axes.Enter(new Vector2(x + 0.5f, y + 0.5f));
                var column = Math.Clamp((int)MathF.Round((at.X + face.Reach) / face.Step), 0, face.Count - 1);
                var (top, bottom) = (face.UpperInner[column], face.LowerInner[column]);
                if (bottom <= top)
                    continue;
                if (at.Y > top)
                    Upper.Set(x, y, Edge(portrait, face, at.X, top));
                if (at.Y < bottom)
                    Lower.Set(x, y, Edge(portrait, face, at.X, bottom));
            }
        }
    }

    /// <summary>The face above the mouth.</summary>
    public Texture Upper { get; }

    /// <summary>The face below the mouth.</summary>
    public Texture Lower { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Upper.Dispose();
        Lower.Dispose();
    }

    private static Vector128<float> Edge(Texture portrait, MouthColumns face, float x, float y)
    {
        var place = face.Axes.Leave(new Vector2(x, y));
        return portrait.Sample(place.X, place.Y);
    }
}
