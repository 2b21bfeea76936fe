using WanTalk.Core.Takes;

namespace WanTalk.Media.Speech;

/// <summary>
/// Finds where nobody speaks for at least <see cref="Silence.MinSamples"/>. What is quiet depends on the recording: a studio's pauses are
/// digital zeros, a kitchen's hum. So a block is quiet below -50 dBFS, or below a threshold between the recording's own pauses and its own
/// voice when those are louder.
/// <code>
///   voice    the level that 5 % of the blocks exceed
///     │ 20 dB
///   ──┴── threshold, at most ──   6 dB above the pauses, where that is less
///                             ──┬──
///                               │ 6 dB
///   pauses   the level that 5 % of the blocks stay below
/// </code>
/// Keeps a byte for each block: 1.8 MB for ten hours of 20 ms.
/// </summary>
/// <param name="blockSamples">The samples of a block.</param>
internal sealed class SilenceFinder(int blockSamples)
{
    private const int QuietDbfs = -50;
    private const int LowestDbfs = -120;
    private const int AbovePausesDb = 6;
    private const int BelowVoiceDb = 20;
    private const double Share = 0.05;
    private readonly List<sbyte> _levels = [];

    /// <summary>Adds a block.</summary>
    /// <param name="dbfs">Its root mean square, in dB below full scale; -infinity for zeros.</param>
    public void Add(double dbfs) => _levels.Add((sbyte)Math.Clamp(Math.Ceiling(dbfs), LowestDbfs, 0));

    /// <summary>The silences among the blocks so far, in order.</summary>
    public IReadOnlyList<Silence> Find()
    {
        var threshold = Threshold();
        var silences = new List<Silence>();
        var first = 0;
        for (var block = 0; block <= _levels.Count; block++)
        {
            if (block < _levels.Count && _levels[block] <= threshold)
                continue;
            if ((long)(block - first) * blockSamples is var samples and >= Silence.MinSamples)
                silences.Add(new Silence((long)first * blockSamples, samples));
            first = block + 1;
        }

        return silences;
    }

    private int Threshold()
    {
        var pauses = LevelAt(Share);
        var voice = LevelAt(1 - Share);
        return Math.Max(QuietDbfs, Math.Min(pauses + AbovePausesDb, voice - BelowVoiceDb));
    }

    /// <summary>The level that a share of the blocks does not exceed.</summary>
    private int LevelAt(double share)
    {
        var counts = new int[1 - LowestDbfs];
        foreach (var level in _levels)
            counts[level - LowestDbfs]++;
        var below = 0;
        var wanted = share * _levels.Count;
        for (var level = LowestDbfs; level < 0; level++)
        {
            below += counts[level - LowestDbfs];
            if (below > wanted)
                return level;
        }

        return 0;
    }
}
