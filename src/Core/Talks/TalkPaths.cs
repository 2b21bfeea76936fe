using WanTalk.Core.Artifacts;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Work;

namespace WanTalk.Core.Talks;

/// <summary>The names of a talk's artifacts; the one place that knows them.</summary>
/// <param name="talk">The talk's id.</param>
public sealed class TalkPaths(string talk)
{
    /// <summary>Everything that belongs to the talk.</summary>
    public ArtifactPath Root { get; private init; } = new ArtifactPath("talks") / talk;

    /// <summary>The names of a preflight's artifacts, which are those of a talk that is never made, in a folder of their own.</summary>
    /// <param name="id">The preflight's id.</param>
    public static TalkPaths OfPreflight(string id) => new(id) { Root = PreflightPaths.Of(id) };

    /// <summary>The names of the artifacts of what work belongs to: a talk, or a preflight.</summary>
    public static TalkPaths Of(WorkReference work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work.Stage == Stage.Preflight ? OfPreflight(work.Talk) : new TalkPaths(work.Talk);
    }

    /// <summary>The checked request.</summary>
    public ArtifactPath Request => Root / "request.json";

    /// <summary>The portrait as the caller gave it; prepare deletes nothing, so that a retry can begin again.</summary>
    public ArtifactPath SourcePortrait => Root / "source/portrait";

    /// <summary>The speech as the caller gave it.</summary>
    public ArtifactPath SourceSpeech => Root / "source/speech";

    /// <summary>The caller's own workflow; absent for a talk without one.</summary>
    public ArtifactPath Workflow => Root / "workflow.json";

    /// <summary>The workflow as it was run, for who wants to see it.</summary>
    public ArtifactPath PatchedWorkflow => Root / "workflow.patched.json";

    /// <summary>What prepare measured; written last, so that its presence means that prepare is done.</summary>
    public ArtifactPath Media => Root / "media.json";

    /// <summary>What preflight found where it stopped the talk, or where there is none; <see cref="Media"/> has it otherwise.</summary>
    public ArtifactPath Preflight => Root / "preflight.json";

    /// <summary>The plan, written once.</summary>
    public ArtifactPath Plan => Root / "plan.json";

    /// <summary>When the first runner took the talk's work; create-only, absent while it is queued.</summary>
    public ArtifactPath Started => Root / "started.json";

    /// <summary>Present when somebody cancelled the talk, or its time was up.</summary>
    public ArtifactPath Cancel => Root / "cancel.json";

    /// <summary>The upright portrait.</summary>
    public ArtifactPath Portrait => Root / "input/portrait.png";

    /// <summary>A small picture of the portrait, for lists; absent in talks that were prepared before there were any.</summary>
    public ArtifactPath Thumbnail => Root / "input/thumbnail.jpg";

    /// <summary>The speech as it is delivered: 48 kHz, up to two channels.</summary>
    public ArtifactPath Speech => Root / "input/speech.flac";

    /// <summary>The speech as the engine hears it: 16 kHz, one channel.</summary>
    public ArtifactPath SpeechMono => Root / "input/speech-mono.flac";

    /// <summary>The AAC of the whole speech, encoded once.</summary>
    public ArtifactPath SpeechAac => Root / "input/speech.m4a";

    /// <summary>The voice without what surrounds it.</summary>
    public ArtifactPath Vocals => Root / "vocals.flac";

    /// <summary>Text and picture conditioning, as one attempt made it.</summary>
    public ArtifactPath SharedConditioning(string attempt) => Root / $"conditioning/shared.{attempt}.safetensors";

    /// <summary>Which attempt's conditioning counts, with its hashes; written last and create-only, so that its presence means that embed is done.</summary>
    public ArtifactPath Conditioning => Root / "conditioning/conditioning.json";

    /// <summary>The joined video.</summary>
    public ArtifactPath Video => Root / "video.mp4";

    /// <summary>What assemble made, with its hash; written last.</summary>
    public ArtifactPath VideoFacts => Root / "video.json";

    /// <summary>A further file that the caller's own workflow made.</summary>
    public ArtifactPath Output(string name) => Root / "outputs" / name;

    /// <summary>Where the video was published; written last.</summary>
    public ArtifactPath Published => Root / "published.json";

    /// <summary>Everything of one take.</summary>
    public ArtifactPath Take(int take) => Root / $"take-{take:00}";

    /// <summary>The audio conditioning of one span of the speech, as one attempt made it.</summary>
    public ArtifactPath AudioConditioning(int span, string attempt) => Root / $"conditioning/audio-{span}.{attempt}.safetensors";

    /// <summary>The commit record of a window.</summary>
    public ArtifactPath Commit(int take, int window) => Take(take) / $"{window:0000}.json";

    /// <summary>A window's H.264 segment, as one attempt made it.</summary>
    public ArtifactPath Segment(int take, int window, string attempt) => Take(take) / $"{window:0000}.{attempt}.mp4";

    /// <summary>A window's checkpoint, as one attempt made it.</summary>
    public ArtifactPath Checkpoint(int take, int window, string attempt) =>
        Take(take) / $"{window:0000}.{attempt}.checkpoint.safetensors";

    /// <summary>The body of a webhook, written once.</summary>
    public ArtifactPath WebhookBody(string id) => Root / "webhooks" / $"{id}.json";

    /// <summary>Present when the receiver of the talk's webhooks wants no more of them.</summary>
    public ArtifactPath WebhookDisabled => Root / "webhooks/disabled.json";

    /// <summary>Which progress was told last.</summary>
    public ArtifactPath WebhookProgress => Root / "webhooks/progress.json";

    /// <summary>A file of the talk's stream; its playlists are there once it is whole.</summary>
    public ArtifactPath StreamFile(string name) => Root / "hls" / name;

    /// <summary>Where the talk's stream is; there once it can be played.</summary>
    public ArtifactPath StreamFacts => Root / "hls/stream.json";

    /// <summary>What makes a window's segments count.</summary>
    public ArtifactPath StreamSegment(int take, int window) => Root / $"hls/segments/{take:00}-{window:0000}.json";

    /// <summary>The states of the talk's stream, of which the newest are kept.</summary>
    public ArtifactPath StreamSnapshots => Root / "hls/playlists";

    /// <summary>The state of the talk's stream with so many segments.</summary>
    public ArtifactPath StreamSnapshot(int count) => StreamSnapshots / $"{count:00000}.json";

    /// <summary>All work that was handed over.</summary>
    public ArtifactPath Work => Root / "work";

    /// <summary>The files of one attempt.</summary>
    public ArtifactPath Attempt(Stage stage, string key, string attempt) =>
        Work / $"{StageNames.Of(stage)}-{key}" / attempt;

    /// <summary>What an attempt has to do.</summary>
    public ArtifactPath AttemptRequest(Stage stage, string key, string attempt) => Attempt(stage, key, attempt) / "request.json";

    /// <summary>The sign that an attempt's runner lives.</summary>
    public ArtifactPath Heartbeat(Stage stage, string key, string attempt) => Attempt(stage, key, attempt) / "heartbeat.json";

    /// <summary>What an attempt came to; create-only.</summary>
    public ArtifactPath AttemptResult(Stage stage, string key, string attempt) => Attempt(stage, key, attempt) / "result.json";
}
