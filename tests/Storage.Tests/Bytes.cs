using WanTalk.Core.Artifacts;

namespace WanTalk.Storage.Tests;

/// <summary>Contents whose every byte tells who wrote them.</summary>
internal static class Bytes
{
    internal static MemoryStream Of(byte fill, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, fill);
        return new MemoryStream(bytes, writable: false);
    }

    internal static async Task<byte[]> ReadAllAsync(Stream content, CancellationToken cancellationToken)
    {
        await using (content)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellationToken);
            return copy.ToArray();
        }
    }

    internal static async Task<byte[]?> TryReadAsync(this IArtifactStore store, string name, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(new ArtifactPath(name), cancellationToken) is { } content
            ? await ReadAllAsync(content, cancellationToken)
            : null;
}
