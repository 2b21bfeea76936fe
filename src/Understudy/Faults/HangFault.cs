namespace WanTalk.Understudy.Faults;

/// <summary>A server that accepts connections and answers none of them.</summary>
internal sealed class HangFault(FaultBoard board, TimeProvider time)
{
    /// <summary>Holds a request as long as the server hangs.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        if (board.StrikeAndHold(FaultKind.Hang, fits: null, out var cleared) is not { } fault)
            return;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cleared);
        try
        {
            await Task.Delay(fault.Seconds > 0 ? TimeSpan.FromSeconds(fault.Seconds) : Timeout.InfiniteTimeSpan, time, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The faults were taken back: the server goes on as if it had only been slow.
        }
    }
}
