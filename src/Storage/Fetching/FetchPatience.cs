namespace WanTalk.Storage.Fetching;

/// <summary>Ends a fetch that is too slow: as a whole, between two bytes, or on the average.</summary>
internal sealed class FetchPatience : IDisposable
{
    private readonly FetchOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _given;
    private readonly long _begun;
    private long _bodyBegun;

    /// <summary>Begins to wait.</summary>
    public FetchPatience(FetchOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        (_options, _time, _begun) = (options, time, time.GetTimestamp());
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _given = cancellationToken.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
    }

    /// <summary>Fires when it took too long, or the caller gave up.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>A request is about to be sent.</summary>
    public void ExpectAnswer() => Wait(_options.ConnectSeconds + _options.StallSeconds);

    /// <summary>The body is about to come.</summary>
    public void ExpectBody()
    {
        _bodyBegun = _time.GetTimestamp();
        ExpectBytes(0);
    }

    /// <summary>More of the body is about to come.</summary>
    /// <param name="received">What has come of it.</param>
    public void ExpectBytes(long received)
    {
        var spent = _time.GetElapsedTime(_bodyBegun).TotalSeconds;
        var average = _options.MinBytesPerSecond == 0
            ? double.PositiveInfinity
            : _options.StallSeconds + ((double)received / _options.MinBytesPerSecond) - spent;
        Wait(Math.Min(_options.StallSeconds, average));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _given.Dispose();
        _end.Dispose();
    }

    private void Wait(double seconds)
    {
        var left = _options.TotalSeconds - _time.GetElapsedTime(_begun).TotalSeconds;
        _end.CancelAfter(TimeSpan.FromSeconds(Math.Max(Math.Min(seconds, left), 0)));
    }
}
