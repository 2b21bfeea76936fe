using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Safetensors;

/// <summary>A tensor to be written: what it is, and who writes its bytes when its turn comes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">The type of its elements, "F32" for instance.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="WriteAsync">Writes exactly its bytes, little-endian, to the stream it is given.</param>
public sealed record TensorSource(string Name, string DType, IReadOnlyList<long> Shape, Func<Stream, CancellationToken, Task> WriteAsync)
{
    /// <summary>A tensor whose bytes are in memory.</summary>
    public static TensorSource Of(string name, string dtype, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes) =>
        new(name, dtype, shape, (stream, cancellationToken) => stream.WriteAsync(bytes, cancellationToken).AsTask());
}

/// <summary>Writes safetensors files as a stream: no tensor need be in memory.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a whole file to where the stream stands. The same contents are always the same bytes.</summary>
    /// <param name="destination">Where to; not closed.</param>
    /// <param name="metadata">What goes under our metadata key.</param>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="cancellationToken">Stops the writing; what is there then is no whole file.</param>
    /// <exception cref="SafetensorsException">A tensor's writer wrote more or fewer bytes than its shape needs.</exception>
    public static async Task WriteAsync(
        Stream destination, JsonObject metadata, IReadOnlyCollection<TensorSource> tensors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(tensors);
        var header = SafetensorsHeader.Create(metadata, tensors.Select(tensor => (tensor.Name, tensor.DType, tensor.Shape)));
        var sources = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        await destination.WriteAsync(header.ToBytes(), cancellationToken);
        foreach (var tensor in header.Tensors)
        {
            await using var counted = new CountingStream(destination);
            await sources[tensor.Name].WriteAsync(counted, cancellationToken);
            if (counted.Count != tensor.Length)
                throw new SafetensorsException($"Tensor {tensor.Name} needs {tensor.Length} bytes and was given {counted.Count}.");
        }
    }
}
