namespace WanTalk.Core.Telemetry;

/// <summary>
/// The names of what WanTalk measures and of the attributes that it comes with; docs/telemetry.md has them all in tables. Nothing of what a
/// caller gave is among them: no address, no file name, no prompt.
/// </summary>
public static class TelemetryNames
{
    /// <summary>The source of the spans, and the meter, of what hosts do with talks.</summary>
    public const string Talks = "WanTalk";

    /// <summary>The source of the spans, and the meter, of runners.</summary>
    public const string Runner = "WanTalk.Runner";

    /// <summary>The talk's id; on spans and logs.</summary>
    public const string TalkId = "wantalk.talk.id";

    /// <summary>How a talk ended: <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public const string TalkEnd = "wantalk.talk.end";

    /// <summary>The stage.</summary>
    public const string Stage = "wantalk.stage";

    /// <summary>The lane.</summary>
    public const string Lane = "wantalk.lane";

    /// <summary>The attempt's id; on spans and logs.</summary>
    public const string AttemptId = "wantalk.attempt.id";

    /// <summary>The take, from 0.</summary>
    public const string Take = "wantalk.take";

    /// <summary>The window, from 0; for a piece, its first one.</summary>
    public const string Window = "wantalk.window";

    /// <summary>How many windows a piece has.</summary>
    public const string WindowCount = "wantalk.window.count";

    /// <summary>The prompt's id on the engine.</summary>
    public const string PromptId = "wantalk.prompt.id";

    /// <summary>The stable code of an error (OpenTelemetry's own name for it).</summary>
    public const string ErrorType = "error.type";
}
