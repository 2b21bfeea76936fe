namespace WanTalk.GpuRunner.Engine;

/// <summary>The engine that a runner starts, and how it is watched. The defaults suit a ComfyUI as well as the understudy.</summary>
public sealed record EngineOptions
{
    /// <summary>Stands in <see cref="Command"/> for the port that was chosen.</summary>
    public const string PortPlace = "{port}";

    /// <summary>The file that the engine's output goes to, in the home's logs.</summary>
    public const string LogName = "comfyui.log";

    /// <summary>
    /// The engine's program and its arguments, with <see cref="PortPlace"/> where its port belongs. Empty when none is started.
    /// </summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Environment variables that the engine gets beside the runner's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The engine's current folder; null for the runner's.</summary>
    public string? Folder { get; init; }

    /// <summary>The engine's port on loopback. Default 0, a free one for each start; 0 to 65535.</summary>
    public int Port { get; init; }

    /// <summary>
    /// How long the engine may take to answer after it was started, and how long work waits for one that is being started, in seconds.
    /// Default 120; 0.1 to 3600.
    /// </summary>
    public double StartSeconds { get; init; } = 120;

    /// <summary>How long the engine may take to end after SIGTERM before it is killed, in seconds. Default 5; 0.1 to 60.</summary>
    public double StopSeconds { get; init; } = 5;

    /// <summary>The pause between two looks whether the engine answers, in seconds. Default 5; 0.01 to 300.</summary>
    public double LookSeconds { get; init; } = 5;

    /// <summary>How long a look waits for the answer, in seconds. Default 10; 0.01 to 300.</summary>
    public double LookTimeoutSeconds { get; init; } = 10;

    /// <summary>
    /// How many looks in a row have to stay unanswered for the engine to count as hung. Default 8, which is two minutes of silence: ComfyUI
    /// answers while it samples, but not always while it loads a model from a slow disk. 1 to 1000.
    /// </summary>
    public int LooksMissed { get; init; } = 8;

    /// <summary>The pause after the first death in a row, in seconds; doubled after each further one. Default 0.2; 0 to 60.</summary>
    public double FirstPauseSeconds { get; init; } = 0.2;

    /// <summary>The longest pause, and the one between tries of an engine that is given up, in seconds. Default 30; 0 to 3600.</summary>
    public double LongestPauseSeconds { get; init; } = 30;

    /// <summary>
    /// How many deaths in a row, none of them after <see cref="StableSeconds"/> of answering, have to come for the engine to be given up.
    /// Default 5; 1 to 1000.
    /// </summary>
    public int DeathsUntilGivenUp { get; init; } = 5;

    /// <summary>How long an engine must have answered for earlier deaths to be forgotten, in seconds. Default 60; 0 to 86400.</summary>
    public double StableSeconds { get; init; } = 60;

    /// <summary>Looks whether the settings are usable.</summary>
    /// <exception cref="ArgumentException">One is not; the message names it and its range.</exception>
    public void Check()
    {
        Check(nameof(Port), Port, 0, 65535);
        Check(nameof(StartSeconds), StartSeconds, 0.1, 3600);
        Check(nameof(StopSeconds), StopSeconds, 0.1, 60);
        Check(nameof(LookSeconds), LookSeconds, 0.01, 300);
        Check(nameof(LookTimeoutSeconds), LookTimeoutSeconds, 0.01, 300);
        Check(nameof(LooksMissed), LooksMissed, 1, 1000);
        Check(nameof(FirstPauseSeconds), FirstPauseSeconds, 0, 60);
        Check(nameof(LongestPauseSeconds), LongestPauseSeconds, 0, 3600);
        Check(nameof(DeathsUntilGivenUp), DeathsUntilGivenUp, 1, 1000);
        Check(nameof(StableSeconds), StableSeconds, 0, 86400);
        if (Command.Count > 0 && Port == 0 && !Command.Any(word => word.Contains(PortPlace, StringComparison.Ordinal)))
        {
            throw new ArgumentException($"The engine's command has no {PortPlace} for the port that is chosen. Put it there, or fix the port.");
        }
    }

    private static void Check(string name, double value, double least, double most)
    {
        // Written so that NaN is outside every range.
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(FormattableString.Invariant($"The engine's {name} is {value}; it has to be {least} to {most}."));
        }
    }
}
