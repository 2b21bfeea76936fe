using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using WanTalk.Understudy.Server;

if (UnderstudyOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(UnderstudyOptions.Usage);
    return 2;
}
await using var app = UnderstudyServer.Build(options);
try
{
    await app.StartAsync();
}
catch (Exception error) when (error is IOException or AddressInUseException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"The understudy cannot start: {error.Message}");
    return 1;
}
// Ctrl-C goes to the whole group of a terminal. A child leaves it to its parent, and ends with its input.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true;
    if (!options.ExitWithStdin)
        app.Lifetime.StopApplication();
});
// As ComfyUI, and with its exit code: at once, whatever runs.
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    Environment.Exit(128 + 15);
});
Console.WriteLine($"understudy listening on {app.Urls.First()} (a preview engine, not WanVideo)");
if (options.ExitWithStdin)
{
    _ = Task.Run(() =>
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
            continue;
        app.Lifetime.StopApplication();
    });
}
await app.WaitForShutdownAsync();
return 0;
