using WanTalk.Core.Stages;

namespace WanTalk.Core.Orchestration;

/// <summary>The registered names of the activities, the same in every host.</summary>
public static class ActivityNames
{
    /// <summary>Writes the plan once and tells the takes.</summary>
    public const string PlanTalk = nameof(PlanTalk);

    /// <summary>Looks at an attempt's artifacts.</summary>
    public const string Look = nameof(Look);

    /// <summary>Starts the orchestration that tells how a talk ended, when somebody wants to know.</summary>
    public const string StartNotify = nameof(StartNotify);

    /// <summary>Tells how a talk ended.</summary>
    public const string Notify = nameof(Notify);

    /// <summary>Makes one attempt to deliver a webhook.</summary>
    public const string DeliverWebhook = nameof(DeliverWebhook);

    /// <summary>The activity that hands a stage's work to its lane.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stage is not handed to runners.</exception>
    public static string HandOver(Stage stage) => stage switch
    {
        Stage.Preflight => "PreflightInputs",
        Stage.Prepare => "PrepareTalk",
        Stage.Separate => "SeparateSpeech",
        Stage.Embed => "EmbedSpeech",
        Stage.Sample => "SampleWindows",
        Stage.Assemble => "AssembleTalk",
        Stage.Publish => "PublishTalk",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "This stage is done by the host."),
    };

    /// <summary>The stages whose work is handed to runners, in their order.</summary>
    public static IReadOnlyList<Stage> HandedOver { get; } =
        [Stage.Preflight, Stage.Prepare, Stage.Separate, Stage.Embed, Stage.Sample, Stage.Assemble, Stage.Publish];
}
