using System.Text.RegularExpressions;

namespace WanTalk.GpuRunner.Engine.Supervision;

/// <summary>The last lines that the engine printed, over all its lives; each is bounded by who cuts the output into lines.</summary>
internal sealed partial class RecentLines
{
    /// <summary>How many lines are kept.</summary>
    public const int Capacity = 200;

    private const int ReasonLines = 40;
    private const int ReasonLength = 300;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new(Capacity);
    private int _ofThisLife;

    /// <summary>All that is kept, oldest first.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The engine is started: what was printed before says nothing about how this life ends.</summary>
    public void BeginLife()
    {
        lock (_gate)
        {
            _ofThisLife = 0;
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        lock (_gate)
        {
            if (_lines.Count == Capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
            _ofThisLife = Math.Min(_ofThisLife + 1, Capacity);
        }
    }

    /// <summary>
    /// What the end of this life's output says of its cause, on one line: the last line that names an error, else the last with something
    /// on it; null when nothing was printed.
    /// </summary>
    public string? Reason
    {
        get
        {
            string[] lines;
            lock (_gate)
            {
                lines = [.. _lines.TakeLast(Math.Min(_ofThisLife, ReasonLines))];
            }

            lines = [.. lines.Select(line => Invisible().Replace(line, "").TrimEnd()).Where(line => line.Length > 0)];
            var reason = (lines.LastOrDefault(line => NamesError().IsMatch(line)) ?? lines.LastOrDefault())?.Trim();
            return reason?.Length > ReasonLength ? $"{reason[..ReasonLength]}…" : reason;
        }
    }

    /// <summary>How Python, .NET and shells begin the line that matters.</summary>
    [GeneratedRegex(@"^\W*(?:[\w.]*(?:Error|Exception|Exit|Interrupt)\b|Unhandled exception|(?i:fatal|error)\b)|(?i:\berror:)")]
    private static partial Regex NamesError();

    /// <summary>Colours and other control sequences of terminals, and control characters.</summary>
    [GeneratedRegex(@"\x1b\[[0-9;?]*[ -/]*[@-~]|\p{Cc}")]
    private static partial Regex Invisible();
}
