using System.Diagnostics;
using WanTalk.Faults.Runs;

namespace WanTalk.Faults.Houses;

/// <summary>A program that is started again whenever it ends, as a service manager does. That it ended by itself is remembered.</summary>
internal sealed class KeptProgram : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterOwnEnd = TimeSpan.FromSeconds(1);
    /// <summary>Who ends sooner has not started: what it needs was away.</summary>
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(45);

    private readonly IReadOnlyList<string> _line;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string? _greeting;
    private readonly RunLog _log;
    private readonly StreamWriter _output;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _pauseAfterKill;
    private Process? _process;
    private string? _endSignal;
    private Task _keeping = Task.CompletedTask;

    /// <param name="name">Its name in logs.</param>
    /// <param name="line">The command line.</param>
    /// <param name="environment">Variables beside those that are there.</param>
    /// <param name="greeting">How the line begins that says it is ready; null when it is at once.</param>
    /// <param name="logFile">Where its output goes.</param>
    /// <param name="log">Hears of what it does by itself.</param>
    public KeptProgram(
        string name, IReadOnlyList<string> line, IReadOnlyDictionary<string, string> environment, string? greeting, string logFile, RunLog log)
    {
        (Name, _line, _environment, _greeting, _log) = (name, line, environment, greeting, log);
        _output = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    /// <summary>Its name in logs.</summary>
    public string Name { get; }

    /// <summary>How often it ended though nobody had ended it, and after it was ready.</summary>
    public int OwnEnds { get; private set; }

    /// <summary>The process's id; null while there is none.</summary>
    public int? Id
    {
        get
        {
            lock (_gate)
            {
                return _process?.Id;
            }
        }
    }

    /// <summary>Starts it, and waits until it is ready.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _keeping = KeepAsync();
        return _ready.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Signals it, when it is there; it is started again after a pause.</summary>
    /// <returns>False when it was not there.</returns>
    public bool End(string signal, TimeSpan pause)
    {
        lock (_gate)
        {
            if (_process is not { } process || _pauseAfterKill is not null)
            {
                return false;
            }

            _pauseAfterKill = pause;
            return Signals.Send(signal, process.Id);
        }
    }

    /// <summary>Ends it for good, with SIGTERM.</summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync()
    {
        await _stop.CancelAsync();
        EndForGood("TERM");
        try
        {
            await _keeping.WaitAsync(EndsWithin);
            return true;
        }
        catch (TimeoutException)
        {
            EndForGood("KILL");
            await _keeping;
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        EndForGood("KILL");
        await _keeping;
        _stop.Dispose();
        await _output.DisposeAsync();
    }

    /// <summary>Signals it; one that is just being started gets the signal as soon as it is there.</summary>
    private void EndForGood(string signal)
    {
        lock (_gate)
        {
            _endSignal = signal;
            if (_process is { } process)
            {
                Signals.Send(signal, process.Id);
            }
        }
    }

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var start = new ProcessStartInfo(_line[0], _line.Skip(1))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // A killed .NET process leaves its diagnostic sockets in the temporary folder, unless it has none.
                Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
            };
            foreach (var (name, value) in _environment)
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start)!;
            var begun = Stopwatch.GetTimestamp();
            lock (_gate)
            {
                (_process, _pauseAfterKill) = (process, null);
                if (_endSignal is not null)
                {
                    Signals.Send(_endSignal, process.Id);
                }
            }

            if (_greeting is null)
            {
                _ready.TrySetResult();
            }

            await Task.WhenAll(DrainAsync(process.StandardOutput), DrainAsync(process.StandardError), process.WaitForExitAsync());
            TimeSpan? pause;
            lock (_gate)
            {
                (_process, pause) = (null, _pauseAfterKill);
            }

            var isReady = _ready.Task.IsCompleted;
            var wasReady = isReady && (_greeting is not null || Stopwatch.GetElapsedTime(begun) > StartsWithin);
            _ready = isReady ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : _ready;
            if (pause is null && !_stop.IsCancellationRequested)
            {
                _log.Write($"{Name} ended by itself with exit code {process.ExitCode}{(wasReady ? "" : " before it was ready")}");
                OwnEnds += wasReady ? 1 : 0;
            }

            await Task.Delay(pause ?? PauseAfterOwnEnd, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.WriteLine(line);
            }

            if (_greeting is not null && line.StartsWith(_greeting, StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }
}
