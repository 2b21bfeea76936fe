using System.Collections.Concurrent;
using WanTalk.Core.Intake;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>A broker that is away as often as a test wants, and remembers what it was sent.</summary>
internal sealed class RecordedReplies : IReplySender
{
    public ConcurrentQueue<(string Queue, TalkReply Reply)> Sent { get; } = [];

    /// <summary>How many of the next sends fail.</summary>
    public int Failures { get; set; }

    public Task SendAsync(string queue, TalkReply reply, CancellationToken cancellationToken)
    {
        if (Failures > 0)
        {
            Failures--;
            throw new IOException("The broker is away.");
        }

        Sent.Enqueue((queue, reply));
        return Task.CompletedTask;
    }
}
