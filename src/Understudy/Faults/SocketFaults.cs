namespace WanTalk.Understudy.Faults;

/// <summary>Sockets that are open and say nothing: old ones and new ones, from the asking on until so many prompts are over.</summary>
internal sealed class SocketFaults(FaultBoard board)
{
    /// <summary>Whether messages are lost at the moment. A server that hangs says nothing either.</summary>
    public bool AreSilent => board.IsArmed(FaultKind.SilentSockets) || board.IsArmed(FaultKind.Hang);

    /// <summary>A prompt is over and all of its messages would have been sent.</summary>
    public void PromptIsOver() => board.Strike(FaultKind.SilentSockets);
}
