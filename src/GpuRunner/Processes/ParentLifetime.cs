namespace WanTalk.GpuRunner.Processes;

/// <summary>Tells a child when its parent is gone: its standard input ends.</summary>
public static class ParentLifetime
{
    /// <summary>Completes when standard input ends. Reads on a thread of its own, since console reads cannot be cancelled.</summary>
    public static Task WaitForEndAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> buffer = stackalloc byte[256];
            while (input.Read(buffer) > 0)
            {
            }

            ended.TrySetResult();
        })
        { IsBackground = true, Name = "parent-lifetime" };
        thread.Start();
        return ended.Task;
    }
}
