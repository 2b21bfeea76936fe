namespace WanTalk.Understudy.Picture;

/// <summary>Smooth steps and fades.</summary>
internal static class Smooth
{
    /// <summary>0 up to <paramref name="from"/>, 1 beyond <paramref name="to"/>, with no kink between (Hermite's smoothstep).</summary>
    public static float Step(float from, float to, float value)
    {
        var part = Math.Clamp((value - from) / (to - from), 0, 1);
        return part * part * (3 - (2 * part));
    }

    /// <summary>1 at 0, 0 from ±<paramref name="reach"/> on, level at both.</summary>
    public static float Bump(float value, float reach)
    {
        var part = value / reach;
        var left = MathF.Max(1 - (part * part), 0);
        return left * left;
    }

    /// <summary>Between two numbers.</summary>
    public static float Mix(float a, float b, float part) => a + ((b - a) * part);
}
