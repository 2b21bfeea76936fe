using System.Text.Json.Nodes;
using WanTalk.Understudy.Faults;

namespace WanTalk.Understudy.Execution;

/// <summary>Executes prompts, one at a time.</summary>
internal sealed class PromptExecutor(PromptQueue queue, EngineParts parts, EngineState state, SocketFaults sockets)
{
    /// <summary>Takes prompts from the queue until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var item = await queue.TakeAsync(stop);
            if (state.TakeClearing())
                parts.Cache.Clear();
            var entry = await new PromptExecution(item, parts, state, stop).RunAsync();
            state.Current = default;
            queue.Finish(entry);
            if (item.ClientId is not null)
                parts.Sender.Send(item.ClientId, "executing", new JsonObject { ["node"] = null, ["prompt_id"] = item.Id });
            sockets.PromptIsOver();
        }
    }
}
