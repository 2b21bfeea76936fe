using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Safetensors;

/// <summary>
/// The header of a safetensors file: eight bytes of little-endian length, then that much JSON, then the tensors without gaps
/// (huggingface/safetensors, format.md). Ours carry one metadata key, "wantalk", whose value is JSON as text: several keys would be
/// written in random order by the Python library, and the file's hash would change.
/// </summary>
public sealed class SafetensorsHeader
{
    /// <summary>The largest header that is read. Ours are a few hundred bytes.</summary>
    public const int MaxHeaderBytes = 1 << 20;

    private const string MetadataName = "__metadata__";
    private const string OurKey = "wantalk";
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    private SafetensorsHeader(IReadOnlyList<SafetensorsTensor> tensors, JsonObject? metadata, long dataStart)
    {
        (Tensors, Metadata, DataStart) = (tensors, metadata, dataStart);
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>What is under our metadata key; null if the file has none.</summary>
    public JsonObject? Metadata { get; }

    /// <summary>Where the tensors' bytes begin in the file; a multiple of eight in files of ours.</summary>
    public long DataStart { get; }

    /// <summary>How long the whole file is.</summary>
    public long FileLength => DataStart + Tensors.Sum(tensor => tensor.Length);

    /// <summary>A tensor by its name.</summary>
    /// <exception cref="SafetensorsException">There is none of that name.</exception>
    public SafetensorsTensor this[string name] =>
        _byName.GetValueOrDefault(name) ?? throw new SafetensorsException($"There is no tensor named {name}.");

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>
    /// Reads a header from where the stream stands and leaves the stream at the first tensor. If the stream can tell its length, a file
    /// that is shorter or longer than its header says is refused.
    /// </summary>
    /// <exception cref="SafetensorsException">It is no safetensors file, or not a whole one.</exception>
    public static async Task<SafetensorsHeader> ReadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var prefix = await ReadExactlyAsync(stream, 8, cancellationToken);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaxHeaderBytes)
            throw new SafetensorsException($"This is no safetensors file: its header would be {length} bytes long.");
        var json = await ReadExactlyAsync(stream, (int)length, cancellationToken);
        var header = Parse(json);
        if (!stream.CanSeek)
            return header;
        var (found, promised) = (stream.Length - stream.Position, header.FileLength - header.DataStart);
        return found == promised
            ? header
            : throw new SafetensorsException($"The file has {found} bytes of tensors where its header promises {promised}: it is cut or damaged.");
    }

    /// <summary>
    /// Lays out a header. Tensors are placed by the size of their elements, largest first, then by name, so that every one is aligned and
    /// the same contents are always the same bytes.
    /// </summary>
    /// <param name="metadata">What goes under our metadata key.</param>
    /// <param name="tensors">Name, type and shape of each tensor.</param>
    public static SafetensorsHeader Create(JsonObject metadata, IEnumerable<(string Name, string DType, IReadOnlyList<long> Shape)> tensors)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var placed = new List<SafetensorsTensor>();
        long start = 0;
        var ordered = tensors
            .OrderByDescending(tensor => SafetensorsTensor.SizeOf(tensor.DType))
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var (name, dtype, shape) in ordered)
        {
            var bytes = SafetensorsTensor.BytesOf(dtype, shape)
                ?? throw new ArgumentException($"A tensor cannot be {dtype} [{string.Join(", ", shape)}].", nameof(tensors));
            placed.Add(new SafetensorsTensor(name, dtype, [.. shape], start, bytes));
            start += bytes;
        }
        var unplaced = new SafetensorsHeader(placed, (JsonObject)metadata.DeepClone(), 0);
        return new SafetensorsHeader(placed, unplaced.Metadata, unplaced.ToBytes().Length);
    }

    /// <summary>The header's bytes: length, JSON, and spaces up to a multiple of eight.</summary>
    public byte[] ToBytes()
    {
        var root = new JsonObject();
        if (Metadata is not null)
            root[MetadataName] = new JsonObject { [OurKey] = Metadata.ToJsonString(Compact) };
        foreach (var tensor in Tensors)
        {
            root[tensor.Name] = new JsonObject
            {
                ["dtype"] = tensor.DType,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(dimension => (JsonNode)dimension)]),
                ["data_offsets"] = new JsonArray(tensor.Start, tensor.Start + tensor.Length),
            };
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(root, Compact);
        var padded = (json.Length + 7) / 8 * 8;
        var bytes = new byte[8 + padded];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)padded);
        json.CopyTo(bytes, 8);
        bytes.AsSpan(8 + json.Length).Fill((byte)' ');
        return bytes;
    }

    private static SafetensorsHeader Parse(byte[] json)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(json) as JsonObject ?? throw new SafetensorsException("This is no safetensors file: its header is no object.");
            var tensors = root.Where(member => member.Key != MetadataName).Select(member => ReadTensor(member.Key, member.Value)).ToList();
            tensors.Sort((left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : left.Length.CompareTo(right.Length));
            long next = 0;
            foreach (var tensor in tensors)
            {
                if (tensor.Start != next)
                    throw new SafetensorsException($"Tensor {tensor.Name} begins at {tensor.Start} and not at {next}: the header is damaged.");
                next = checked(next + tensor.Length);
            }
            return new SafetensorsHeader(tensors, ReadMetadata(root[MetadataName]), 8 + json.Length);
        }
        catch (Exception error) when (error
            is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new SafetensorsException("This is no safetensors file: its header cannot be read.", error);
        }
    }

    private static SafetensorsTensor ReadTensor(string name, JsonNode? node)
    {
        if (node is not JsonObject about
            || about["dtype"] is not JsonValue type
            || about["shape"] is not JsonArray sizes
            || about["data_offsets"] is not JsonArray { Count: 2 } offsets)
            throw new SafetensorsException($"Tensor {name} is not described.");
        var dtype = type.GetValue<string>();
        var shape = sizes.Select(LongOf).ToList();
        var (start, end) = (LongOf(offsets[0]), LongOf(offsets[1]));
        if (start < 0 || SafetensorsTensor.BytesOf(dtype, shape) != end - start)
            throw new SafetensorsException($"Tensor {name} is {dtype} [{string.Join(", ", shape)}], which {end - start} bytes cannot hold.");
        return new SafetensorsTensor(name, dtype, shape, start, end - start);
    }

    private static long LongOf(JsonNode? number) => number?.GetValue<long>() ?? throw new SafetensorsException("A number is missing in the header.");

    private static JsonObject? ReadMetadata(JsonNode? metadata) =>
        metadata?[OurKey]?.GetValue<string>() is { } text ? JsonNode.Parse(text) as JsonObject : null;

    private static async Task<byte[]> ReadExactlyAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var read = await stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, cancellationToken);
        return read == count ? bytes : throw new SafetensorsException("The file ends within its header: it is cut.");
    }
}
