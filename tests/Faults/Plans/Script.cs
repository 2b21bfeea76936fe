namespace WanTalk.Faults.Plans;

/// <summary>What a talk is made from: the length of its speech, its size, its seed, its takes.</summary>
/// <param name="Name">Its name in logs.</param>
/// <param name="SpeechSeconds">How much of the sample speech is spoken.</param>
/// <param name="Side">Width and height of the video, in pixels.</param>
/// <param name="Seed">The talk's seed.</param>
/// <param name="Windows">How many windows it has.</param>
/// <param name="TakeSeconds">The length of its takes, of which it has two with a pause between; null for one take.</param>
public sealed record Script(string Name, double SpeechSeconds, int Side, int Seed, int Windows, double? TakeSeconds = null)
{
    /// <summary>All that are used: each is made once without a disturbance, too.</summary>
    public static IReadOnlyList<Script> All { get; } =
    [
        new("word", 1.2, 128, 11, 1),
        new("sentence", 4.5, 128, 12, 2),
        new("other-seed", 4.5, 128, 13, 2),
        new("larger", 2.8, 192, 14, 1),
        new("paragraph", 8.5, 128, 15, 3),
        new("two-takes", 9.5, 128, 16, 4, TakeSeconds: 4),
    ];

    /// <summary>The most windows that are sampled in one prompt: those of a take.</summary>
    public static int LongestPiece => All.Max(script => script.TakeSeconds is null ? script.Windows : script.Windows / 2);
}
