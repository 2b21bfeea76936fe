namespace WanTalk.Programs;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TemporaryFolder(string prefix = "wantalk-e2e-") : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
