using WanTalk.Core.Json;

namespace WanTalk.Core.Artifacts;

/// <summary>JSON artifacts, which are small enough to be held.</summary>
public static class ArtifactStoreExtensions
{
    /// <summary>Creates a JSON artifact that must not exist yet; false when it existed.</summary>
    public static async Task<bool> TryCreateJsonAsync<T>(
        this IArtifactStore store, ArtifactPath path, T value, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(CoreJson.ToBytes(value), writable: false);
        return await store.TryCreateAsync(path, content, cancellationToken);
    }

    /// <summary>Writes a JSON artifact, replacing an existing one.</summary>
    public static async Task WriteJsonAsync<T>(this IArtifactStore store, ArtifactPath path, T value, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(CoreJson.ToBytes(value), writable: false);
        await store.WriteAsync(path, content, cancellationToken);
    }

    /// <summary>Reads a JSON artifact; null when there is none.</summary>
    public static async Task<T?> TryReadJsonAsync<T>(this IArtifactStore store, ArtifactPath path, CancellationToken cancellationToken)
        where T : class
    {
        var content = await store.OpenReadAsync(path, cancellationToken);
        if (content is null)
        {
            return null;
        }

        await using (content)
        {
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancellationToken);
            return CoreJson.FromBytes<T>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
    }

    /// <summary>Reads a JSON artifact that an earlier stage has written.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static async Task<T> ReadJsonAsync<T>(this IArtifactStore store, ArtifactPath path, CancellationToken cancellationToken)
        where T : class =>
        await store.TryReadJsonAsync<T>(path, cancellationToken) ?? throw new FileNotFoundException($"The artifact {path} is missing.");

    /// <summary>Whether an artifact is there.</summary>
    public static async Task<bool> ExistsAsync(this IArtifactStore store, ArtifactPath path, CancellationToken cancellationToken) =>
        await store.GetPropertiesAsync(path, cancellationToken) is not null;
}
