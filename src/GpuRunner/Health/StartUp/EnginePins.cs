using System.Text.Json;
using WanTalk.Core.Json;

namespace WanTalk.GpuRunner.Health.StartUp;

/// <summary>What the image's engine is made of: <c>engine/packs.json</c>, beside the program and in the sources.</summary>
/// <param name="Engine">ComfyUI.</param>
/// <param name="Packs">The node packs beside ours.</param>
/// <param name="Torch">PyTorch, and the drivers that it runs on.</param>
internal sealed record EnginePins(EnginePins.Pin Engine, IReadOnlyList<EnginePins.Pin> Packs, EnginePins.TorchPin Torch)
{
    /// <summary>The pins beside the program.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "engine", "packs.json");

    /// <summary>Reads the pins.</summary>
    /// <exception cref="IOException">There are none.</exception>
    /// <exception cref="JsonException">They are malformed.</exception>
    public static EnginePins Read(string path) => CoreJson.FromBytes<EnginePins>(File.ReadAllBytes(path));

    /// <summary>A repository at a commit.</summary>
    /// <param name="Name">Its folder's name.</param>
    /// <param name="Commit">The full commit.</param>
    internal sealed record Pin(string Name, string Commit);

    /// <summary>PyTorch.</summary>
    /// <param name="Cuda">The CUDA that it is built for.</param>
    /// <param name="LeastDriver">The oldest driver of NVIDIA for Linux that runs it, by minor version compatibility.</param>
    internal sealed record TorchPin(string Cuda, string LeastDriver);
}
