using WanTalk.Core.Errors;
using WanTalk.Telemetry;

namespace WanTalk.Local.Commands;

/// <summary>What all commands do around their work: errors become one line each and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>Runs a command's work.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
            return ExitCodes.Done;
        }
        catch (RefusedException refused)
        {
            foreach (var problem in refused.Problems)
            {
                await Console.Error.WriteLineAsync(problem.ToString());
            }

            return ExitCodes.Of(refused.Problems[0].Code);
        }
        catch (TalkException failure)
        {
            await Console.Error.WriteLineAsync(failure.Error.ToString());
            return ExitCodes.Of(failure.Error.Code);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(new TalkError(ErrorCode.Cancelled, "It was cancelled.").ToString());
            return ExitCodes.Cancelled;
        }
    }

    /// <summary>Sends what a command's host measures to where the environment says.</summary>
    /// <exception cref="TalkException">The environment is wrong.</exception>
    public static TelemetryExport Telemetry() =>
        TelemetryExport.Start(TelemetrySettings.Read(Environment.GetEnvironmentVariable), TelemetryService.Host);

    /// <summary>Errors on standard error, nothing else: what a person who waits for a video wants to see of a host's log.</summary>
    /// <param name="telemetry">Gets the whole of it.</param>
    public static ILoggerFactory QuietLogging(TelemetryExport telemetry) => LoggerFactory.Create(logging => telemetry.AddTo(logging
        .AddFilter<RedactingLoggerProvider>(level => level >= LogLevel.Error)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true)
        .Redacted()));
}
