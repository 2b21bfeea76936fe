using System.Text.RegularExpressions;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;

namespace WanTalk.Api.RunPod;

/// <summary>Which jobs a call is about.</summary>
/// <param name="Endpoint">The endpoint's name, which its callers choose: all endpoints are served by the same runners.</param>
/// <param name="Caller">Who calls: he has his own jobs only.</param>
public sealed partial record RunPodScope(string Endpoint, Caller Caller)
{
    /// <summary>The scope of a call.</summary>
    /// <exception cref="TalkException">No endpoint can be called so.</exception>
    public static RunPodScope Of(string endpoint, Caller caller) => NamePattern().IsMatch(endpoint)
        ? new RunPodScope(endpoint, caller)
        : throw new TalkException(ErrorCode.EndpointNotFound, "There is no such endpoint. Its name has 1 to 64 letters, digits, '-' or '_'.");

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
