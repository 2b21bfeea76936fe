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

    /// <summary>GET is a talk's video.</summary>
    public const string TalkVideo = "api/talks/{id}/video";
}
