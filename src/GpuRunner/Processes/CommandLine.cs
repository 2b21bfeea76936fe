using System.CommandLine;
using System.Runtime.InteropServices;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Processes;

/// <summary>Runs a command line as people expect it: what is wrong with it is one line, and a signal is a request to stop.</summary>
public static class CommandLine
{
    /// <summary>
    /// Runs it. The first Ctrl-C or SIGTERM cancels the command and waits for it to stop; the second ends the process at once.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(RootCommand root, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(root);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(new TalkError(ErrorCode.ArgumentInvalid, $"{parsed.Errors[0].Message} See --help.").ToString());
            return ExitCodes.WrongInput;
        }

        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        return await parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
    }
}
