using WanTalk.Core.Artifacts;

namespace WanTalk.Core.Preflight;

/// <summary>The names of what is kept of preflights that were asked for without a talk.</summary>
public static class PreflightPaths
{
    /// <summary>All of them: folders of artifacts, and records with their owners.</summary>
    public static ArtifactPath Folder { get; } = new("preflights");

    /// <summary>A preflight: its artifacts as a folder, its owner as a record.</summary>
    /// <param name="id">A valid id.</param>
    public static ArtifactPath Of(string id) => Folder / id;

    /// <summary>The records of an owner's preflights.</summary>
    internal static ArtifactPath OwnedBy(string owner) => new ArtifactPath("owners") / owner / "preflights";
}
