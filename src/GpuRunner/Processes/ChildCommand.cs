namespace WanTalk.GpuRunner.Processes;

/// <summary>What to start as a child, and how.</summary>
/// <param name="Line">The program and its arguments.</param>
public sealed record ChildCommand(IReadOnlyList<string> Line)
{
    /// <summary>Environment variables that are set beside those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The child's current folder; null for this process's.</summary>
    public string? Folder { get; init; }

    /// <summary>How long the child may take to end after its standard input was closed, before it is killed. Default 5 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
}
