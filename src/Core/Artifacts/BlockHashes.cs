namespace WanTalk.Core.Artifacts;

/// <summary>The hashes of a file's blocks, by which a part of it can be checked without reading all of it.</summary>
/// <param name="BlockBytes">The size of each block; the last one may be shorter.</param>
/// <param name="Sha256">The SHA-256 of each block in lower-case hexadecimal, in the order of the file.</param>
public sealed record BlockHashes(int BlockBytes, IReadOnlyList<string> Sha256)
{
    /// <summary>The size of blocks where nothing speaks for another: 4 MiB, some nine seconds of audio conditioning in 16 bits.</summary>
    public const int DefaultBlockBytes = 4 << 20;
}
