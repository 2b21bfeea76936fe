using System.Security.Cryptography;
using WanTalk.Core.Artifacts;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Moves content between files, streams and artifacts without holding it.</summary>
internal static class StoredContent
{
    /// <summary>Copies an artifact that an earlier stage has written into a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    public static async Task FetchAsync(
        this IArtifactStore store, ArtifactPath path, string file, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenRequiredAsync(path, cancellationToken);
        await using var target = File.Create(file);
        await content.CopyToAsync(target, cancellationToken);
    }

    /// <summary>Opens an artifact that an earlier stage has written.</summary>
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    public static async Task<Stream> OpenRequiredAsync(
        this IArtifactStore store, ArtifactPath path, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(path, cancellationToken) ?? throw new FileNotFoundException($"The artifact {path} is missing.");

    /// <summary>Stores a file, replacing what was there.</summary>
    public static async Task StoreFileAsync(
        this IArtifactStore store, string file, ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        await store.WriteAsync(path, content, cancellationToken);
    }

    /// <summary>Stores a stream while hashing it, replacing what was there.</summary>
    public static async Task<StoredFile> StoreHashedAsync(
        this IArtifactStore store, Stream content, ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var hashing = new HashingStream(content);
        return await store.StoreHashedAsync(hashing, path, cancellationToken);
    }

    /// <summary>Stores a stream that is hashed while it is read, replacing what was there.</summary>
    public static async Task<StoredFile> StoreHashedAsync(
        this IArtifactStore store, HashingStream content, ArtifactPath path, CancellationToken cancellationToken)
    {
        await store.WriteAsync(path, content, cancellationToken);
        return new StoredFile(path.Value, content.Bytes, content.Sha256());
    }

    /// <summary>The SHA-256 of a file in lower-case hexadecimal.</summary>
    public static async Task<string> HashFileAsync(string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }
}
