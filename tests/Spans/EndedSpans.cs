using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace WanTalk.Spans;

/// <summary>Keeps spans where they may be read while those of tests beside are added.</summary>
internal sealed class EndedSpans : BaseProcessor<Activity>
{
    /// <summary>In the order of their ends.</summary>
    public ConcurrentQueue<Activity> Spans { get; } = [];

    public override void OnEnd(Activity data) => Spans.Enqueue(data);
}
