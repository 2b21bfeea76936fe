using System.Numerics;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// The head's small motions: it drifts towards places that are drawn at random, on critically damped springs, nods a little with the
/// voice, and blinks every three to five seconds.
/// </summary>
internal static class HeadMotion
{
    /// <summary>Numbers in <see cref="MotionState.Values"/>.</summary>
    public const int Count = 13;

    /// <summary>The farthest that the head moves, in face heights.</summary>
    public const float FarthestShift = 0.015f;

    /// <summary>The farthest that the head turns: 1.5 degrees.</summary>
    public const float FarthestTurn = 1.5f * MathF.PI / 180;

    private const int Place = 0;
    private const int Speed = 3;
    private const int Goal = 6;
    private const int GoalLeft = 9;
    private const int BlinkFrame = 10;
    private const int BlinkLeft = 11;
    private const int Voice = 12;
    private const float FrameSeconds = 1f / 25;

    /// <summary>Stiffness of the springs, radians a second: a new place is reached in about a second and a half.</summary>
    private const float Stiffness = 3f;

    /// <summary>How far down the voice at its loudest pulls the head, in face heights.</summary>
    private const float Nod = 0.004f;

    /// <summary>How far the eyes are closed in the frames of a blink: down fast, up slower.</summary>
    private static readonly float[] Blink = [0.45f, 1, 1, 0.7f, 0.3f];

    /// <summary>The state before the first frame: the head as in the portrait, a first blink within the first seconds.</summary>
    public static MotionState Start(long seed)
    {
        var random = Xoshiro256.FromSeed(seed);
        var values = new float[Count];
        values[BlinkLeft] = MathF.Floor(random.Between(30, 80));
        var generator = new byte[Xoshiro256.Bytes];
        random.Save(generator);
        return new MotionState(generator, values);
    }

    /// <summary>Advances the state by one frame.</summary>
    /// <param name="state">Changed in place.</param>
    /// <param name="openness">How loud the frame is, 0..1.</param>
    public static HeadPose Advance(MotionState state, float openness)
    {
        var values = state.Values;
        var random = Xoshiro256.Load(state.Generator);
        if (values[GoalLeft] <= 0)
        {
            values[Goal] = random.Between(-0.8f, 0.8f) * FarthestShift;
            values[Goal + 1] = random.Between(-0.6f, 0.6f) * FarthestShift;
            values[Goal + 2] = random.Between(-0.9f, 0.9f) * FarthestTurn;
            values[GoalLeft] = MathF.Floor(random.Between(20, 60));
        }

        values[GoalLeft]--;
        for (var i = 0; i < 3; i++)
        {
            var pull = (Stiffness * Stiffness * (values[Goal + i] - values[Place + i])) - (2 * Stiffness * values[Speed + i]);
            values[Speed + i] += pull * FrameSeconds;
            values[Place + i] += values[Speed + i] * FrameSeconds;
        }

        values[Voice] += 0.2f * (openness - values[Voice]);
        var blink = AdvanceBlink(values, ref random);
        random.Save(state.Generator);
        var shift = new Vector2(values[Place], values[Place + 1] + (Nod * values[Voice]));
        var limit = new Vector2(FarthestShift);
        return new HeadPose(
            Vector2.Clamp(shift, -limit, limit),
            Math.Clamp(values[Place + 2], -FarthestTurn, FarthestTurn),
            blink);
    }

    private static float AdvanceBlink(float[] values, ref Xoshiro256 random)
    {
        if (values[BlinkLeft] > 0)
        {
            values[BlinkLeft]--;
            return 0;
        }

        var closed = Blink[(int)values[BlinkFrame]];
        values[BlinkFrame]++;
        if (values[BlinkFrame] >= Blink.Length)
        {
            values[BlinkFrame] = 0;
            values[BlinkLeft] = MathF.Floor(random.Between(75, 125));
        }

        return closed;
    }
}
