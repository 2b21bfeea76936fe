using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>Runs the executor as long as the server runs, and tells the sockets of the queue.</summary>
internal sealed partial class ExecutorService(PromptExecutor executor, PromptQueue queue, SocketHub hub, ILogger<ExecutorService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        queue.Changed += hub.SendStatus;
        try
        {
            await executor.RunAsync(stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            // A defect: the server ends rather than take prompts that nobody executes.
            LogDefect(logger, error);
            throw;
        }
        finally
        {
            queue.Changed -= hub.SendStatus;
        }
    }

    [LoggerMessage(LogLevel.Critical, "The executor of prompts broke.")]
    private static partial void LogDefect(ILogger logger, Exception error);
}
