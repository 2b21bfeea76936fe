using System.Diagnostics;
using System.Text;

namespace WanTalk.EndToEnd.Support;

/// <summary>A running command of WanTalk, as a person starts it, with a home and a current folder of its own.</summary>
internal sealed class WanTalkCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _firstErrorLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _firstOutputLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drained;
    private readonly IReadOnlyCollection<int> _others;
    private bool _isDisposed;

    private WanTalkCommand(Process process, string home, IReadOnlyCollection<int> others)
    {
        (_process, Home, _others) = (process, home, others);
        _drained = Task.WhenAll(
            DrainAsync(process.StandardError, _error, _firstErrorLine),
            DrainAsync(process.StandardOutput, _output, _firstOutputLine));
    }

    public int Id => _process.Id;

    public string Home { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The first line on standard error: the talk's id.</summary>
    public Task<string> FirstErrorLine => _firstErrorLine.Task;

    public Task<string> FirstOutputLine => _firstOutputLine.Task;

    /// <summary>Everything that it has said so far, on both of its outputs.</summary>
    public string Said => string.Join('\n', [.. Lines(_output), .. Lines(_error)]);

    /// <summary>Starts a command; <c>--home</c> is added.</summary>
    public static WanTalkCommand Start(TemporaryFolder folder, params IEnumerable<string> arguments) => Start(folder, [], arguments);

    /// <summary>Starts a command through other programs, which become it in the end; <c>--home</c> is added for those that have one.</summary>
    public static WanTalkCommand Start(
        TemporaryFolder folder, IReadOnlyList<string> through, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var home = folder.File("home");
        string[] own = arguments.First() == "plan" ? [] : ["--home", home];
        string[] line = [.. through, "dotnet", Repository.ProgramOf("Local"), .. arguments, .. own];
        var start = new ProcessStartInfo(line[0])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            // A killed .NET process leaves its diagnostic sockets in the temporary folder, unless it has none.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        foreach (var argument in line.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        int[] others = [.. Processes.Of(home).Select(other => other.Id)];
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new WanTalkCommand(process, home, others);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandResult> RunAsync(TemporaryFolder folder, params IEnumerable<string> arguments)
    {
        await using var command = Start(folder, arguments);
        return await command.WaitAsync();
    }

    public async Task<CommandResult> WaitAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(4));
        await _process.WaitForExitAsync(patience.Token);
        await _drained;
        return new CommandResult(_process.ExitCode, Lines(_output), Lines(_error));
    }

    /// <summary>kill -9, of this process only.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Signals all processes of the group that this one leads.</summary>
    public void SignalGroup(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", "--", $"-{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Kills it, if it has not ended; again, it does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await Processes.WaitUntilGoneAsync(Home, _others);
        _process.Dispose();
    }

    private static string[] Lines(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private static async Task DrainAsync(StreamReader reader, StringBuilder text, TaskCompletionSource<string> first)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }

            first.TrySetResult(line);
        }

        first.TrySetException(new InvalidOperationException($"The command ended without a line: {text}"));
        _ = first.Task.Exception;
    }
}

/// <summary>How a command ended.</summary>
internal sealed record CommandResult(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)
{
    /// <summary>Everything it said, for a failed assertion.</summary>
    public string Said => $"exit {ExitCode}\n{string.Join('\n', Output)}\n{string.Join('\n', Error)}";
}
