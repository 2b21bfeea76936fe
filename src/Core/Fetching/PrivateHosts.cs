using System.Buffers;

namespace WanTalk.Core.Fetching;

/// <summary>The hosts off the public internet that the operator allows, by the names that requests have for them.</summary>
public sealed class PrivateHosts
{
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("/?#@\\ ");

    private readonly HashSet<(string Host, int? Port)> _allowed = [];

    /// <summary>Reads the operator's list.</summary>
    /// <exception cref="ArgumentException">An entry is no <c>host</c> or <c>host:port</c>.</exception>
    public PrivateHosts(IEnumerable<string> entries)
    {
        foreach (var entry in entries)
        {
            _allowed.Add(Parse(entry));
        }
    }

    /// <summary>Whether a host may be fetched from wherever it is.</summary>
    /// <param name="host">Its name as an address has it; an IPv6 address without brackets.</param>
    /// <param name="port">The port.</param>
    public bool Allow(string host, int port)
    {
        var name = host.ToLowerInvariant();
        return _allowed.Contains((name, null)) || _allowed.Contains((name, port));
    }

    private static (string Host, int? Port) Parse(string entry)
    {
        // An address is canonical after this: 127.1 is 127.0.0.1, names are in lower case. The scheme has no port of its own.
        if (entry.AsSpan().ContainsAny(NotInHosts)
            || !Uri.TryCreate($"ftp://{entry}/", UriKind.Absolute, out var url) || url.HostNameType == UriHostNameType.Basic)
        {
            throw new ArgumentException($"'{entry}' is no host. Give names like files.example or 10.0.0.5:8080, separated by commas.");
        }

        var named = entry.LastIndexOf(':') > entry.LastIndexOf(']');
        return (url.IdnHost.ToLowerInvariant(), named ? url.Port : null);
    }
}
