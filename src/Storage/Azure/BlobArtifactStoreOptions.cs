using System.Text.RegularExpressions;

namespace WanTalk.Storage.Azure;

/// <summary>How a <see cref="BlobArtifactStore"/> keeps artifacts.</summary>
public sealed partial record BlobArtifactStoreOptions
{
    /// <summary>The container of all artifacts. Default: <c>wantalk</c>; 3 to 63 lower-case letters, digits and single dashes.</summary>
    public string Container { get; init; } = "wantalk";

    /// <summary>
    /// How much of a write is in memory at once, in bytes. What fits is sent in one request; more is sent in blocks of this size, of which
    /// Azure takes 50,000. Default: 4 MiB; 64 KiB to 100 MiB.
    /// </summary>
    public int BlockBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many artifacts of a folder are deleted at the same time. Default: 8; 1 to 64.</summary>
    public int DeleteConcurrency { get; init; } = 8;

    /// <summary>Refuses what cannot be used.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal void Check()
    {
        if (!Name().IsMatch(Container))
        {
            throw new ArgumentException($"'{Container}' is no container's name: 3 to 63 lower-case letters, digits and single dashes.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(BlockBytes, 64 * 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BlockBytes, 100 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(DeleteConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DeleteConcurrency, 64);
    }

    [GeneratedRegex(@"^(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
