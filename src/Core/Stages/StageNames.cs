using System.Text.Json;
using WanTalk.Core.Work;

namespace WanTalk.Core.Stages;

/// <summary>The names of the stages, and which lane serves which.</summary>
public static class StageNames
{
    /// <summary>The stage's name as it appears in paths, logs and JSON.</summary>
    public static string Of(Stage stage) => JsonNamingPolicy.SnakeCaseLower.ConvertName(stage.ToString());

    /// <summary>The lane's name as it appears in the names of queues and in telemetry.</summary>
    public static string Of(Lane lane) => JsonNamingPolicy.SnakeCaseLower.ConvertName(lane.ToString());

    /// <summary>The lane that serves a stage.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stage is not handed to runners.</exception>
    public static Lane LaneOf(Stage stage) => stage switch
    {
        Stage.Preflight or Stage.Prepare or Stage.Assemble or Stage.Publish => Lane.Media,
        Stage.Separate or Stage.Embed => Lane.Embed,
        Stage.Sample => Lane.Sample,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "This stage is done by the host."),
    };
}
