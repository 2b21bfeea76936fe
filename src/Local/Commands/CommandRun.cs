using WanTalk.Core.Errors;

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

    /// <summary>Errors on standard error, nothing else: what a person who waits for a video wants to see of a host's log.</summary>
    public static ILoggerFactory QuietLogging() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Error)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true));
}
