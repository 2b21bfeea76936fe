using System.Text.Json.Serialization;
using WanTalk.Core.Sampling;

namespace WanTalk.GpuRunner.Models;

/// <summary>A file of a model: where it comes from, where it belongs, and how it is told from a damaged one.</summary>
internal sealed record ModelEntry
{
    /// <summary>The file's own name in messages.</summary>
    public required string Id { get; init; }

    /// <summary>The repository at the manifest's base address, as <c>owner/name</c>; null when there is a <see cref="Url"/>.</summary>
    public string? Repository { get; init; }

    /// <summary>The repository's branch, or its full commit once locked.</summary>
    public string? Revision { get; init; }

    /// <summary>The path in the repository.</summary>
    public string? RemotePath { get; init; }

    /// <summary>The address of a file that is in no repository.</summary>
    public Uri? Url { get; init; }

    /// <summary>The folder in the models folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The file's name there, by which graphs ask for it.</summary>
    public required string File { get; init; }

    /// <summary>The size in bytes; null until locked.</summary>
    public long? Size { get; init; }

    /// <summary>About how many bytes it has, for the space that a download needs; null when nobody says.</summary>
    public long? ApproximateSize { get; init; }

    /// <summary>Who says so.</summary>
    public string? SizeSource { get; init; }

    /// <summary>The SHA-256 of the content in lower-case hexadecimal; empty until locked.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Who says so, when it was not locked yet.</summary>
    public string? Sha256Source { get; init; }

    /// <summary>The SPDX identifier of the weights' licence, or <c>unknown</c>.</summary>
    public required string License { get; init; }

    /// <summary>Where the licence is told, or would be.</summary>
    public required Uri LicenseUrl { get; init; }

    /// <summary>The presets that need it; none for an alternative.</summary>
    public IReadOnlyList<SamplingPreset> Presets { get; init; } = [];

    /// <summary>What a person should know of it.</summary>
    public string? Note { get; init; }

    /// <summary>Whether content can be told from damaged content.</summary>
    [JsonIgnore]
    public bool IsLocked => Size is not null && Sha256.Length > 0;

    /// <summary>The path in the models folder.</summary>
    [JsonIgnore]
    public string LocalPath => Path.Combine(Folder, File);

    /// <summary>The bytes as far as they are known.</summary>
    [JsonIgnore]
    public long? KnownSize => Size ?? ApproximateSize;

    /// <summary>Where it is in a models folder.</summary>
    public string PathIn(string folder) => Path.Combine(folder, LocalPath);
}
