namespace WanTalk.GpuRunner.Lanes;

/// <summary>What a stage is doing right now, for its heartbeat: written by the stage, read by the beat.</summary>
public sealed class AttemptProgress
{
    private volatile Position? _current;
    private long _engineTicks;

    /// <summary>Where sampling is; null outside of sampling.</summary>
    public Position? Current => _current;

    /// <summary>How long the engine has worked on prompts of this attempt.</summary>
    public TimeSpan EngineTime => TimeSpan.FromTicks(Interlocked.Read(ref _engineTicks));

    /// <summary>Adds the time of a prompt.</summary>
    public void AddEngineTime(TimeSpan time) => Interlocked.Add(ref _engineTicks, time.Ticks);

    /// <summary>Tells where sampling is.</summary>
    /// <param name="window">The window, from 0.</param>
    /// <param name="step">The step of that window, from 0.</param>
    /// <param name="steps">How many steps the window has.</param>
    public void At(int window, int step, int steps) => _current = new Position(window, step, steps);

    /// <summary>Where sampling is.</summary>
    /// <param name="Window">The window, from 0.</param>
    /// <param name="Step">The step of that window, from 0.</param>
    /// <param name="Steps">How many steps the window has.</param>
    public sealed record Position(int Window, int Step, int Steps);
}
