using WanTalk.Faults.Runs;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>What a run found that must not be: each with the seed, the talk and what was seen.</summary>
internal sealed class Violations(int seed, RunLog log)
{
    private readonly Lock _gate = new();
    private readonly List<string> _found = [];

    /// <summary>All of them, in their order.</summary>
    public IReadOnlyList<string> Found
    {
        get
        {
            lock (_gate)
            {
                return [.. _found];
            }
        }
    }

    /// <summary>Adds one about a talk.</summary>
    public void Add(string invariant, TalkHistory talk, string seen) => Add(invariant, $"{talk} {seen}");

    /// <summary>Adds one.</summary>
    public void Add(string invariant, string seen)
    {
        var text = $"seed {seed}, {invariant}: {seen}";
        log.Write($"VIOLATED  {text}");
        lock (_gate)
        {
            _found.Add(text);
        }
    }
}
