namespace WanTalk.Core.Work;

/// <summary>
/// How many windows are handed to a runner at once. Each piece pays once for loading the weights, and a lost piece is seen late, so pieces
/// aim at five minutes; the first is a guess.
/// </summary>
public static class PieceSize
{
    /// <summary>What a piece should take.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromMinutes(5);

    /// <summary>The first piece, before anything was measured.</summary>
    public const int First = 4;

    /// <summary>The most windows in a piece.</summary>
    public const int Most = 64;

    /// <summary>The size of the next piece; a pure function of the last result, so that a replay chooses the same.</summary>
    /// <param name="last">The last piece's result; null before the first.</param>
    public static int After(AttemptResult? last) => last?.SecondsPerWindow is double seconds and > 0
        ? (int)Math.Clamp(Target.TotalSeconds / seconds, 1, Most)
        : First;
}
