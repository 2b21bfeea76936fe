using System.Runtime.InteropServices;
using WanTalk.GpuRunner.Processes;

namespace WanTalk.GpuRunner;

/// <summary>
/// How long a runner lives: as long as its parent holds its standard input open, or until it is signalled. A second signal ends it at once.
/// </summary>
internal sealed class RunnerLife : IDisposable
{
    /// <summary>
    /// What stopping may take: below the 20 seconds that a parent waits, and the 30 that container platforms give. Giving work back takes
    /// up to <see cref="Engine.EngineAccess.LongestWithdraw"/>, and the engine's end twice its grace.
    /// </summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(18);

    private readonly TaskCompletionSource _signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];

    private RunnerLife(Task end) => End = end;

    private RunnerLife() => End = _signalled.Task;

    /// <summary>Completes when the runner has to stop.</summary>
    public Task End { get; }

    /// <summary>Begins to listen.</summary>
    public static RunnerLife Begin(RunnerOptions options)
    {
        if (!options.UntilSignalled)
        {
            // Ctrl-C goes to the whole group of a terminal and is the parent's to act on.
            var child = new RunnerLife(ParentLifetime.WaitForEndAsync());
            child._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true));
            return child;
        }

        var alone = new RunnerLife();
        alone._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, alone.OnSignal));
        alone._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, alone.OnSignal));
        return alone;
    }

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext signal) => signal.Cancel = _signalled.TrySetResult();
}
