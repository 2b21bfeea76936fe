namespace WanTalk.Infra.Tests.Code;

/// <summary>A folder that goes with its test.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("wantalk-infra-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
