namespace WanTalk.Storage;

/// <summary>Where artifacts and lanes are.</summary>
public enum StorageKind
{
    /// <summary>In the home: files and SQLite.</summary>
    Folder,

    /// <summary>In an account of Azure Storage: blobs and queues.</summary>
    Azure,
}

/// <summary>What the kinds are called on command lines.</summary>
public static class StorageKinds
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<StorageKind>().Select(NameOf)];

    /// <summary>A kind's name.</summary>
    public static string NameOf(StorageKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The kind of that name; null when there is none.</summary>
    public static StorageKind? Find(string name) =>
        Names.Contains(name) ? Enum.Parse<StorageKind>(name, ignoreCase: true) : null;
}
