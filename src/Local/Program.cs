using System.CommandLine;
using System.Runtime.InteropServices;
using WanTalk.Core.Errors;
using WanTalk.Local.Commands;

var root = new RootCommand("WanTalk: a portrait and a speech in, a lip-synced talking video out.")
{
    TalkCommand.Create(),
    PlanCommand.Create(),
    ResumeCommand.Create(),
    ServeCommand.Create(),
    KeyCommand.Create(),
    DoctorCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(new TalkError(ErrorCode.ArgumentInvalid, $"{parsed.Errors[0].Message} See --help.").ToString());
    return ExitCodes.WrongInput;
}

// The first Ctrl-C cancels the talk and waits for it to stop; the second ends at once, and the talk can be resumed.
using var stop = new CancellationTokenSource();
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
