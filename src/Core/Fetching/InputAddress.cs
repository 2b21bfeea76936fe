using System.Net;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Fetching;

/// <summary>What an address of an input may look like. Where it leads is looked at when it is fetched.</summary>
public static class InputAddress
{
    /// <summary>Why nothing is fetched from an address, from its text alone; null when it may be tried.</summary>
    public static TalkError? RefusalOf(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address switch
        {
            { IsAbsoluteUri: false } => Forbidden("An address without http:// or https:// says nothing. Give a whole one."),
            { OriginalString.Length: > TalkLimits.MaxUrlLength } => Forbidden($"The address has more than {TalkLimits.MaxUrlLength} characters. Give a shorter one."),
            { Scheme: not ("http" or "https") } =>
                Forbidden($"Nothing is fetched over '{address.Scheme}'. Give an http:// or https:// address."),
            { UserInfo.Length: > 0 } =>
                Forbidden($"The address on {address.Host} has a user or password in it. Give one without, for example a presigned one."),
            { Host.Length: 0 } => Forbidden("The address names no host. Give a whole one."),
            _ => null,
        };
    }

    /// <summary>
    /// Whether an address leads off the public internet by its text alone: an address in numbers, of whichever form, or this machine by its
    /// name. Of all other names that is known when they are resolved.
    /// </summary>
    /// <param name="address">A whole address.</param>
    /// <param name="allowed">The hosts off the public internet that the operator allows.</param>
    public static bool IsPrivate(Uri address, PrivateHosts allowed)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(allowed);
        // Decimal, octal and hexadecimal forms are in dots by now.
        var host = address.IdnHost.TrimEnd('.');
        return !allowed.Allow(address.IdnHost, address.Port)
            && (IPAddress.TryParse(host, out var literal)
                ? !PublicAddresses.Contain(literal)
                : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// An address as errors and logs show it: without its query, which may be a key, and without what does not belong into one.
    /// </summary>
    public static string Shown(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri
            ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : "an address that is not whole";
    }

    private static TalkError Forbidden(string message) => new(ErrorCode.AddressForbidden, message);
}
