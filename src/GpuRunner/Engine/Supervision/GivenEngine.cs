using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;

namespace WanTalk.GpuRunner.Engine.Supervision;

/// <summary>Looks after an engine that was given by its address: it is never started or stopped, only looked at.</summary>
internal sealed class GivenEngine(
    Uri address,
    EngineOptions options,
    EngineCleaner cleaner,
    EngineStanding standing,
    TimeProvider time,
    ILogger<ComfyClient> clientLogger)
{
    private volatile TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has it looked at now and not at the next turn; for work that would otherwise be refused on an old sight.</summary>
    public void LookNow() => _called.TrySetResult();

    /// <summary>Runs until the token fires.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var client = new ComfyClient(address, EngineLooks.Patience(options), time, clientLogger);
        var looks = new EngineLooks(client, options, time);
        var (cleared, answering, missed) = (false, false, 0);
        while (!stoppingToken.IsCancellationRequested)
        {
            _called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                var failure = await looks.LookAsync(stoppingToken);
                // What an earlier runner left there is taken back before anybody is told that the engine can be used.
                failure ??= cleared ? null : await cleaner.RunAsync(client, stoppingToken);
                if (failure is null)
                {
                    (cleared, answering, missed) = (true, true, 0);
                    standing.Answers(address);
                }
                else if (!answering || ++missed >= options.LooksMissed)
                {
                    answering = false;
                    standing.IsUnreachable(failure.Message);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.WhenAny(_called.Task, Task.Delay(TimeSpan.FromSeconds(options.LookSeconds), time, stoppingToken));
        }
    }
}
