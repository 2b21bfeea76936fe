namespace WanTalk.Storage;

/// <summary>Where finished videos go.</summary>
public enum PublishKind
{
    /// <summary>In the home: files.</summary>
    Folder,

    /// <summary>In a bucket of Cloudflare R2.</summary>
    R2,
}

/// <summary>What the kinds are called on command lines.</summary>
public static class PublishKinds
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<PublishKind>().Select(NameOf)];

    /// <summary>A kind's name.</summary>
    public static string NameOf(PublishKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The kind of that name; null when there is none.</summary>
    public static PublishKind? Find(string name) =>
        Names.Contains(name) ? Enum.Parse<PublishKind>(name, ignoreCase: true) : null;
}
