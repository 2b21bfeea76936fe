namespace WanTalk.Core.Telemetry;

/// <summary>What a logger's scope says of the talk that it works on; give it to <c>BeginScope</c>.</summary>
public static class TalkScope
{
    /// <summary>The scope of a talk.</summary>
    /// <param name="talk">The talk's id.</param>
    /// <param name="attempt">The attempt's id; null outside of one.</param>
    public static IReadOnlyList<KeyValuePair<string, object?>> Of(string talk, string? attempt = null) => attempt is null
        ? [new(TelemetryNames.TalkId, talk)]
        : [new(TelemetryNames.TalkId, talk), new(TelemetryNames.AttemptId, attempt)];
}
