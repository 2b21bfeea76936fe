using System.Diagnostics;
using System.Text;

namespace WanTalk.GpuRunner.Processes;

/// <summary>
/// A program that belongs to this one: its standard input is held open, and closing it, by will or because this process died, tells the
/// child to end.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How long output is waited for that a process holds open which could not be ended.</summary>
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly TimeSpan _grace;
    private readonly Task _output;

    private ChildProcess(Process process, TimeSpan grace, Action<string> onLine)
    {
        (_process, _grace) = (process, grace);
        _output = Task.WhenAll(DrainAsync(process.StandardOutput, onLine), DrainAsync(process.StandardError, onLine));
    }

    /// <summary>The operating system's id of the child.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a child.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="onLine">Sees each line that the child prints, shortened when it is very long; called from any thread.</param>
    public static ChildProcess Start(ChildCommand command, Action<string> onLine)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo(command.Line[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = command.Folder ?? "",
        };
        foreach (var argument in command.Line.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command.Line[0]} did not start.");
        return new ChildProcess(process, command.Grace, onLine);
    }

    /// <summary>Waits until the child has ended, and what it printed has been seen.</summary>
    /// <returns>Its exit code; 128 and more for the signal that ended it.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await WaitForOutputAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends the child: asks by closing its standard input, and kills it with its children when it does not listen.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            CloseInput();
            using var patience = new CancellationTokenSource(_grace);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await WaitForOutputAsync();
        _process.Dispose();
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The child closed its end first: it is ending already.
        }
    }

    private async Task WaitForOutputAsync() =>
        await _output.WaitAsync(OutputPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task DrainAsync(StreamReader reader, Action<string> onLine)
    {
        var lines = new LineCutter(onLine);
        var buffer = new char[4096];
        for (int count; (count = await reader.ReadAsync(buffer)) > 0;)
        {
            lines.Add(buffer.AsSpan(0, count));
        }

        lines.End();
    }
}
