using System.Collections.Concurrent;
using System.Globalization;
using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;
using WanTalk.GpuRunner.Lanes;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>Knows when a window is complete on the engine, and tells the heartbeat where sampling is.</summary>
/// <param name="first">The first window of the prompt.</param>
/// <param name="steps">The steps of each window.</param>
/// <param name="progress">What the heartbeat reads.</param>
/// <param name="limit">How long a window may take.</param>
/// <param name="time">The clock.</param>
internal sealed class WindowArrivals(int first, int steps, AttemptProgress progress, TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _hints = new();
    private long _begun;

    /// <summary>
    /// How long a window may take: the runner's limit, which is for 640x640 and the steps of the distilled presets; more pixels or steps may
    /// take as much longer.
    /// </summary>
    public static TimeSpan LimitOf(double windowSeconds, FrameSize size, int steps) => TimeSpan.FromSeconds(
        windowSeconds
        * Math.Max(1, (double)size.Width * size.Height / (FrameSize.Default.Width * FrameSize.Default.Height))
        * Math.Max(1, (double)steps / SamplingPresets.DistilledSteps));

    /// <summary>Takes a message about the prompt.</summary>
    public void OnMessage(SocketMessage message)
    {
        // Prompts of others may have been before it on the engine: its own time begins with the first that is heard of it.
        Interlocked.CompareExchange(ref _begun, time.GetTimestamp(), 0);
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
    /// <exception cref="TalkException"><see cref="ErrorCode.WindowTooSlow"/>: it took longer than it may.</exception>
    public async Task<bool> WaitAsync(EngineSession session, int window, Task prompt, CancellationToken cancellationToken)
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
                Interlocked.Exchange(ref _begun, time.GetTimestamp());
                return true;
            }

            if (ended)
            {
                return false;
            }

            if (Interlocked.Read(ref _begun) is not 0 and var begun && time.GetElapsedTime(begun) > limit)
            {
                throw new TalkException(ErrorCode.WindowTooSlow, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Window {window} took more than {limit.TotalSeconds:0} s. "
                    + $"Use a faster GPU, a smaller size or the preset fast, or raise {RunnerEnvironment.WindowSeconds}."));
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
