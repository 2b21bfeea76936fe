namespace WanTalk.Core.Errors;

/// <summary>
/// Every way a request can be refused or a talk can end badly. The snake_case name is the stable code that people and programs see;
/// <see cref="ErrorCatalog"/> says of each whose fault it is and whether trying again can help.
/// </summary>
public enum ErrorCode
{
    /// <summary>A command-line argument or a request field has the wrong form.</summary>
    ArgumentInvalid,

    /// <summary>A request's body has more bytes than are accepted.</summary>
    RequestTooLarge,

    /// <summary>The portrait is not where the request says.</summary>
    PortraitMissing,

    /// <summary>The portrait has no bytes.</summary>
    PortraitEmpty,

    /// <summary>The portrait is not a picture that can be decoded.</summary>
    PortraitUnreadable,

    /// <summary>The portrait has too few pixels to show a face.</summary>
    PortraitTooSmall,

    /// <summary>The portrait has more pixels, or more bytes, than are accepted.</summary>
    PortraitTooLarge,

    /// <summary>No face was found in the portrait.</summary>
    PortraitNoFace,

    /// <summary>The face in the portrait is too small, at the video's size, to have a mouth.</summary>
    PortraitFaceTooSmall,

    /// <summary>The speech is not where the request says.</summary>
    SpeechMissing,

    /// <summary>The speech has no bytes.</summary>
    SpeechEmpty,

    /// <summary>The speech is not a recording that can be decoded.</summary>
    SpeechUnreadable,

    /// <summary>The speech file decodes, but has no audio in it.</summary>
    SpeechNoAudio,

    /// <summary>The speech is shorter than the minimum.</summary>
    SpeechTooShort,

    /// <summary>The speech is longer, or has more bytes, than is accepted.</summary>
    SpeechTooLong,

    /// <summary>The speech promises more in its header than it holds.</summary>
    SpeechTruncated,

    /// <summary>How long the speech is cannot be found out for a quote.</summary>
    SpeechLengthUnknown,

    /// <summary>There is nothing to hear in the speech.</summary>
    SpeechSilent,

    /// <summary>Nobody speaks in the speech.</summary>
    SpeechNoVoice,

    /// <summary>A side of the picture is outside its range.</summary>
    SizeOutOfRange,

    /// <summary>Width times height is more than the model can make.</summary>
    SizeTooManyPixels,

    /// <summary>The seed is outside its range.</summary>
    SeedOutOfRange,

    /// <summary>The prompt is too long.</summary>
    PromptTooLong,

    /// <summary>A sampling setting is outside its range, or not one of its values.</summary>
    SettingOutOfRange,

    /// <summary>Settings do not go together.</summary>
    SettingsConflict,

    /// <summary>The workflow is no graph that a talk can be made with.</summary>
    WorkflowInvalid,

    /// <summary>The workflow has a node class that is not allowed, or a path that leaves the engine's folders.</summary>
    WorkflowForbidden,

    /// <summary>The workflow would make more frames than one prompt can hold.</summary>
    WorkflowTooLong,

    /// <summary>An input's address leads where nothing is fetched from.</summary>
    AddressForbidden,

    /// <summary>An input could not be fetched from its address.</summary>
    InputUnreachable,

    /// <summary>An input is an upload that is none of the caller's.</summary>
    UploadNotFound,

    /// <summary>An input is an upload whose time is over.</summary>
    UploadExpired,

    /// <summary>An input is an upload that was not sent yet.</summary>
    UploadNotSent,

    /// <summary>The upload was sent already, or is being sent.</summary>
    UploadSent,

    /// <summary>The address takes no upload: it is not one that was given, or its time is over.</summary>
    UploadForbidden,

    /// <summary>A webhook was asked for, and the host has no secret to sign it with.</summary>
    WebhookUnavailable,

    /// <summary>The folder for the finished video does not exist.</summary>
    OutputFolderMissing,

    /// <summary>There is no API key with the request, or one that is not known.</summary>
    KeyInvalid,

    /// <summary>The caller has sent too many requests.</summary>
    RateLimited,

    /// <summary>The caller has as many talks under way as he may.</summary>
    TooManyTalks,

    /// <summary>The caller has as many uploads as he may.</summary>
    TooManyUploads,

    /// <summary>The idempotency key was used with another request, or its request is still being accepted.</summary>
    IdempotencyConflict,

    /// <summary>No talk has that id.</summary>
    TalkNotFound,

    /// <summary>The talk has no such file of a stream, or not yet.</summary>
    StreamNotFound,

    /// <summary>The talk has no thumbnail, or not yet.</summary>
    ThumbnailNotFound,

    /// <summary>No preflight has that id, or its time is over.</summary>
    PreflightNotFound,

    /// <summary>There is no endpoint of that name.</summary>
    EndpointNotFound,

    /// <summary>The API has no such address.</summary>
    RouteNotFound,

    /// <summary>The address has no such method.</summary>
    MethodNotAllowed,

    /// <summary>The body's media type is not read at that address.</summary>
    MediaTypeUnsupported,

    /// <summary>The talk is not in a state that allows this.</summary>
    TalkStateConflict,

    /// <summary>Another host is using the same home.</summary>
    HomeInUse,

    /// <summary>The talk was cancelled.</summary>
    Cancelled,

    /// <summary>The talk took longer than its caller allows, waiting or at work, and was ended.</summary>
    TimedOut,

    /// <summary>The engine does not answer.</summary>
    EngineUnavailable,

    /// <summary>The engine lacks something that staged talks need.</summary>
    EngineNotReady,

    /// <summary>The engine refused the graph.</summary>
    EngineRefused,

    /// <summary>A node failed in the engine.</summary>
    EngineFailed,

    /// <summary>The engine ran out of GPU memory.</summary>
    EngineOutOfMemory,

    /// <summary>A window took longer than the runner allows.</summary>
    WindowTooSlow,

    /// <summary>The engine's output is not what was asked for.</summary>
    EngineOutputInvalid,

    /// <summary>What the engine made of the speech is empty, or has values that are no numbers.</summary>
    AudioInvalid,

    /// <summary>The engine's conditioning is not what the windows need: another length, another form.</summary>
    ConditioningInvalid,

    /// <summary>The engine made black frames, or frames that are no numbers.</summary>
    FramesInvalid,

    /// <summary>A stored artifact is not what its record says.</summary>
    ArtifactDamaged,

    /// <summary>Another runner committed the same window from the same checkpoint; this one stops.</summary>
    CommitConflict,

    /// <summary>A piece of work failed on every attempt it was given.</summary>
    AttemptsExhausted,

    /// <summary>A model file is not where it belongs.</summary>
    ModelMissing,

    /// <summary>A model could not be downloaded.</summary>
    ModelUnavailable,

    /// <summary>A model file is not what the manifest says.</summary>
    ModelDamaged,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The cloud's storage does not answer, or refuses.</summary>
    StorageUnavailable,

    /// <summary>The broker of the message queue does not answer, or refuses.</summary>
    QueueUnavailable,

    /// <summary>The finished video could not be delivered; it is kept.</summary>
    DeliveryFailed,

    /// <summary>A program that WanTalk needs is not installed.</summary>
    ProgramMissing,

    /// <summary>The talk was begun by another version of its orchestration, which this host cannot go on with.</summary>
    OrchestrationChanged,

    /// <summary>An orchestration replayed differently from its history.</summary>
    OrchestrationNondeterministic,

    /// <summary>A fault in WanTalk itself.</summary>
    Internal,
}
