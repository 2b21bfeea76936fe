namespace WanTalk.Core.Work;

/// <summary>The queues between host and runners.</summary>
public interface IWorkQueues
{
    /// <summary>The queue of a lane; its messages are <see cref="WorkReference"/>s as JSON.</summary>
    IMessageQueue ForLane(Lane lane);

    /// <summary>What runners tell the host; its messages are <see cref="Completion"/>s as JSON.</summary>
    IMessageQueue Completions { get; }
}
