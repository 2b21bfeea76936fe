namespace WanTalk.Api.Routes;

/// <summary>The templates of the API's routes, without a slash in front: the Functions host names them in its triggers, too.</summary>
public static class ApiRoutes
{
    /// <summary>All talks: POST makes one, GET lists the caller's.</summary>
    public const string Talks = "api/talks";

    /// <summary>One talk: GET tells where it stands, DELETE deletes it when it has ended.</summary>
    public const string Talk = "api/talks/{id}";

    /// <summary>POST cancels a talk.</summary>
    public const string CancelTalk = "api/talks/{id}/cancel";

    /// <summary>POST starts a failed or cancelled talk again.</summary>
    public const string RetryTalk = "api/talks/{id}/retry";

    /// <summary>GET tells each change of a talk, as Server-Sent Events.</summary>
    public const string TalkEvents = "api/talks/{id}/events";

    /// <summary>GET is a talk's video.</summary>
    public const string TalkVideo = "api/talks/{id}/video";

    /// <summary>GET is a talk's portrait.</summary>
    public const string TalkPortrait = "api/talks/{id}/portrait";

    /// <summary>GET is a small picture of a talk's portrait.</summary>
    public const string TalkThumbnail = "api/talks/{id}/thumbnail";

    /// <summary>GET is a file of a talk's stream.</summary>
    public const string TalkStream = "api/talks/{id}/hls/{file}";

    /// <summary>POST tells what a talk would take.</summary>
    public const string Quote = "api/quote";

    /// <summary>POST has inputs looked at before there is a talk.</summary>
    public const string Preflights = "api/preflight";

    /// <summary>GET tells what was found.</summary>
    public const string Preflight = "api/preflight/{id}";

    /// <summary>POST authorises an upload.</summary>
    public const string Uploads = "api/uploads";

    /// <summary>One upload, where it is sent to this server: PUT takes it, OPTIONS lets pages send it.</summary>
    public const string Upload = "api/uploads/{id}";

    /// <summary>GET tells that the host answers.</summary>
    public const string HealthLive = "health/live";

    /// <summary>GET tells what is missing.</summary>
    public const string HealthReady = "health/ready";

    /// <summary>GET tells that the host has started.</summary>
    public const string HealthStartup = "health/startup";

    /// <summary>RunPod's contract: POST accepts a job.</summary>
    public const string Run = "v2/{endpoint}/run";

    /// <summary>RunPod's contract: POST accepts a job and waits for its end.</summary>
    public const string RunSync = "v2/{endpoint}/runsync";

    /// <summary>RunPod's contract: GET tells where a job stands.</summary>
    public const string RunPodStatus = "v2/{endpoint}/status/{id}";

    /// <summary>RunPod's contract: GET tells how far a job is.</summary>
    public const string RunPodStream = "v2/{endpoint}/stream/{id}";

    /// <summary>RunPod's contract: POST cancels a job.</summary>
    public const string RunPodCancel = "v2/{endpoint}/cancel/{id}";

    /// <summary>RunPod's contract: POST starts a job again.</summary>
    public const string RunPodRetry = "v2/{endpoint}/retry/{id}";

    /// <summary>RunPod's contract: GET counts jobs and runners.</summary>
    public const string RunPodHealth = "v2/{endpoint}/health";

    /// <summary>RunPod's contract: POST cancels the jobs that are queued.</summary>
    public const string RunPodPurge = "v2/{endpoint}/purge-queue";

    /// <summary>
    /// GET is the page: the root, with a value that is always empty, since the Functions host takes an empty template for none
    /// (github.com/Azure/Azure-Functions/issues/2473).
    /// </summary>
    public const string Page = "{root:maxlength(0)?}";

    /// <summary>GET is a file of the page.</summary>
    public const string PageFile = "page/{*path}";

    /// <summary>GET is the API's description as OpenAPI 3.1.</summary>
    public const string Document = "openapi.json";

    /// <summary>GET is the API's description as a page.</summary>
    public const string Reference = "docs";
}
