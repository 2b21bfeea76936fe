using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>Runs the executor as long as the server runs, and tells the sockets of the queue.</summary>
internal sealed class ExecutorService(PromptExecutor executor, PromptQueue queue, SocketHub hub) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        queue.Changed += hub.SendStatus;
        try
        {
            await executor.RunAsync(stoppingToken);
        }
        finally
        {
            queue.Changed -= hub.SendStatus;
        }
    }
}
