using System.Security.Cryptography;

namespace WanTalk.GpuRunner.Models;

/// <summary>
/// A download that is not whole yet: the bytes beside their place, and the ETag of what they are of, so that another process can go on. Its
/// hash is computed as bytes come.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private const int BufferSize = 1 << 20;
    private readonly string _place;
    private readonly FileStream _content;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private PartFile(string place)
    {
        _place = place;
        _content = new FileStream(
            PathOf(place), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, BufferSize = 0 });
    }

    /// <summary>How many bytes there are.</summary>
    public long Length => _content.Length;

    /// <summary>The strong ETag of what the bytes are of; null when they cannot be gone on with.</summary>
    public string? ETag { get; private set; }

    /// <summary>Where the bytes of a file are that is not whole.</summary>
    public static string PathOf(string place) => place + ".part";

    /// <summary>Opens what is there of a file, or begins one.</summary>
    public static async Task<PartFile> OpenAsync(string place, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        var part = new PartFile(place);
        try
        {
            if (part.Length > 0 && File.Exists(TagPathOf(place)))
            {
                part.ETag = await File.ReadAllTextAsync(TagPathOf(place), cancellationToken);
                await part.HashWhatIsThereAsync(cancellationToken);
            }
            else
            {
                part.Begin(null);
            }

            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Forgets the bytes, and begins anew with content of an ETag.</summary>
    public void Begin(string? eTag)
    {
        _content.SetLength(0);
        _ = _hash.GetHashAndReset();
        ETag = eTag;
        if (eTag is null)
        {
            File.Delete(TagPathOf(_place));
        }
        else
        {
            File.WriteAllText(TagPathOf(_place), eTag);
        }
    }

    /// <summary>Adds bytes.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _content.WriteAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
    }

    /// <summary>The SHA-256 of the bytes so far.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Puts the whole file in its place: it is there with all its bytes, or not at all.</summary>
    public void Complete()
    {
        _content.Flush(flushToDisk: true);
        _content.Dispose();
        File.Move(PathOf(_place), _place, overwrite: true);
        File.Delete(TagPathOf(_place));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _hash.Dispose();
    }

    private static string TagPathOf(string place) => place + ".part.etag";

    private async Task HashWhatIsThereAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        for (int count; (count = await _content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            _hash.AppendData(buffer.AsSpan(0, count));
        }
    }
}
