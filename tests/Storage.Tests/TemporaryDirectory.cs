namespace WanTalk.Storage.Tests;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("wantalk-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
