using System.Globalization;
using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;
using WanTalk.GpuRunner.Processes;

namespace WanTalk.GpuRunner.Engine.Supervision;

/// <summary>Keeps an engine of the runner's own alive: starts it, watches it, and starts it again when it dies or hangs.</summary>
internal sealed class OwnEngine(
    RunnerOptions options,
    EngineStanding standing,
    RecentLines recent,
    TimeProvider time,
    ILogger<ComfyClient> clientLogger,
    ILogger logger)
{
    private readonly EngineOptions _engine = options.Engine;
    private readonly string _mark = options.PromptMark;
    private volatile TaskCompletionSource _restartAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has the engine that runs now ended and started again.</summary>
    public void AskForRestart() => _restartAsked.TrySetResult();

    /// <summary>Runs until the token fires; then the engine is ended.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var log = new BoundedLog(Path.Combine(options.Home.Logs, EngineOptions.LogName));
        var pauses = new Backoff(TimeSpan.FromSeconds(_engine.FirstPauseSeconds), TimeSpan.FromSeconds(_engine.LongestPauseSeconds));
        var deathsInRow = 0;
        while (await LiveAsync(log, stoppingToken) is { } death)
        {
            if (death.WasAskedFor)
            {
                standing.IsRestarted();
                continue;
            }

            if (death.Answered >= TimeSpan.FromSeconds(_engine.StableSeconds))
            {
                deathsInRow = 0;
                pauses.Reset();
            }

            var givenUp = ++deathsInRow >= _engine.DeathsUntilGivenUp;
            standing.Died(death.Reason, givenUp);
            var pause = givenUp ? pauses.Longest : pauses.Next();
            logger.LogWarning("{Reason} It is started again in {Pause:0.0} s", death.Reason, pause.TotalSeconds);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One life of the engine, from its start to its death; null when the runner stops.</summary>
    private async Task<Death?> LiveAsync(BoundedLog log, CancellationToken stoppingToken)
    {
        void OnLine(string line)
        {
            log.WriteLine(line);
            recent.Add(line);
        }

        try
        {
            stoppingToken.ThrowIfCancellationRequested();
            recent.BeginLife();
            await KillAllAsync(stoppingToken);
            // A dead understudy's files belong to uses that begin again under other names; windows that are whole are taken over.
            BrokenUse.ClearOthers(options.Home);
            if (_engine.Folder is null)
            {
                // It works in the folder that was just emptied, and not in one of its own.
                foreach (var use in EngineUse.Left(options.Home))
                {
                    use.Forget(options.Home);
                }
            }

            var port = LoopbackPort.Choose(_engine.Port);
            log.WriteLine($"--- {time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} started for port {port}");
            try
            {
                await using var child = ChildProcess.Start(CommandFor(port), OnLine);
                return await WatchAsync(child, new Uri($"http://127.0.0.1:{port}"), stoppingToken);
            }
            finally
            {
                await KillAllAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The engine could not be started");
            return new Death($"The engine could not be started: {fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}.", TimeSpan.Zero);
        }
    }

    private async Task<Death> WatchAsync(ChildProcess child, Uri address, CancellationToken stoppingToken)
    {
        using var client = new ComfyClient(address, EngineLooks.Patience(_engine), time, clientLogger);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        long? answersSince = null;
        var asked = (_restartAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        var exit = child.WaitForExitAsync(over.Token);
        var looks = LookAsync(new EngineLooks(client, _engine, time), () =>
        {
            answersSince = time.GetTimestamp();
            standing.Answers(address);
        }, over.Token);
        var first = await Task.WhenAny(exit, looks, asked);
        await over.CancelAsync();
        await Task.WhenAll(exit, looks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stoppingToken.ThrowIfCancellationRequested();
        string what;
        if (first == asked)
        {
            return new Death("The engine was ended because it was asked for.", TimeSpan.Zero, WasAskedFor: true);
        }

        if (first == exit)
        {
            what = HowItEnded(await exit);
        }
        else
        {
            what = await looks;
            await KillAllAsync(stoppingToken);
        }

        var answered = answersSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        return new Death(recent.Reason is { } said ? $"{what}: {said}" : $"{what}.", answered);
    }

    /// <summary>Waits until the engine answers, and then until it no longer does.</summary>
    /// <returns>What is wrong with it.</returns>
    private async Task<string> LookAsync(EngineLooks looks, Action onAnswer, CancellationToken cancellationToken)
    {
        if (await looks.WaitForAnswerAsync(cancellationToken) is { } instead)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"The engine did not answer within {_engine.StartSeconds} s of its start ({instead})");
        }

        onAnswer();
        await looks.WaitForSilenceAsync(cancellationToken);
        return "The engine stopped answering while its process lived, and was killed";
    }

    private ChildCommand CommandFor(int port)
    {
        var number = port.ToString(CultureInfo.InvariantCulture);
        var words = _engine.Command.Select(word => word.Replace(EngineOptions.PortPlace, number, StringComparison.Ordinal));
        var command = new ChildCommand([.. words])
        {
            Environment = _engine.Environment,
            Folder = _engine.Folder,
            Grace = TimeSpan.FromSeconds(_engine.StopSeconds),
        };
        return Guard.Around(command, _mark);
    }

    /// <summary>Kills what is left of an engine of this home: of the one before, or of an earlier runner's.</summary>
    private async Task KillAllAsync(CancellationToken cancellationToken)
    {
        if (!await MarkedProcesses.KillAsync(_mark, cancellationToken))
        {
            logger.LogError("Processes of the engine cannot be killed: {Ids}", string.Join(", ", MarkedProcesses.Find(_mark)));
        }
    }

    private static string HowItEnded(int code) =>
        code > 128 ? $"The engine was ended by signal {code - 128}" : $"The engine ended with exit code {code}";

    /// <summary>The end of a life.</summary>
    /// <param name="Reason">What happened, on one line.</param>
    /// <param name="Answered">For how long it had answered.</param>
    /// <param name="WasAskedFor">Whether it was ended by will, so that it counts for nothing.</param>
    private sealed record Death(string Reason, TimeSpan Answered, bool WasAskedFor = false);
}
