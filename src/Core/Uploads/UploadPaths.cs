using WanTalk.Core.Artifacts;

namespace WanTalk.Core.Uploads;

/// <summary>The names of what is kept of uploads; the one place that knows them.</summary>
public static class UploadPaths
{
    /// <summary>All uploads: artifacts with their bytes, and records with their owners.</summary>
    public static ArtifactPath Folder { get; } = new("uploads");

    /// <summary>An upload: its bytes as an artifact, its owner as a record.</summary>
    /// <param name="id">A valid id.</param>
    public static ArtifactPath Of(string id) => Folder / id;

    /// <summary>The records of an owner's uploads.</summary>
    internal static ArtifactPath OwnedBy(string owner) => new ArtifactPath("owners") / owner / "uploads";
}
