using System.Collections.Concurrent;
using WanTalk.ComfyUI;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;
using WanTalk.GpuRunner.Lanes;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>Knows when a window is complete on the engine, and tells the heartbeat where sampling is.</summary>
/// <param name="first">The first window of the prompt.</param>
/// <param name="steps">The steps of each window.</param>
/// <param name="progress">What the heartbeat reads.</param>
internal sealed class WindowArrivals(int first, int steps, AttemptProgress progress)
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _hints = new();

    /// <summary>Takes a message about the prompt.</summary>
    public void OnMessage(SocketMessage message)
    {
        switch (message)
        {
            case WindowMessage done:
                HintOf(done.Window).TrySetResult();
                break;
            case ProgressMessage bar when bar.Node == GraphPlaces.Steps.Node && bar.Max % steps == 0:
                Tell((int)bar.Value);
                break;
        }
    }

    /// <summary>Waits for a window: for its hint, the prompt's end, or a while; then looks.</summary>
    /// <returns>False when the prompt has ended without it.</returns>
    public async Task<bool> WaitAsync(
        EngineSession session, int window, Task prompt, TimeProvider time, CancellationToken cancellationToken)
    {
        var hint = HintOf(window).Task;
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(hint, prompt, Task.Delay(LookAnyway, time, patience.Token));
            await patience.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            var ended = prompt.IsCompleted;
            if (await session.ExistsAsync(session.CheckpointOf(window), cancellationToken))
            {
                return true;
            }

            if (ended)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// The sampler's bar counts the steps of all windows of the prompt; when it does not begin with window 0, it starts behind the steps of
    /// a dummy window (facts of the wrapper's loop).
    /// </summary>
    private void Tell(int value)
    {
        var done = first == 0 ? value : Math.Max(0, value - steps);
        progress.At(first + (done / steps), done % steps, steps);
    }

    private TaskCompletionSource HintOf(int window) =>
        _hints.GetOrAdd(window, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
