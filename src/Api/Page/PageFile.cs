using System.IO.Compression;
using System.Security.Cryptography;

namespace WanTalk.Api.Page;

/// <summary>A file of the page, as it is sent.</summary>
internal sealed class PageFile
{
    private const string VendorFolder = "vendor/";

    private PageFile(string name, byte[] content) =>
        (Content, Compressed, MediaType, Sha256, IsVersioned) = (
            content, Compress(content), MediaTypeOf(Path.GetExtension(name)), Convert.ToHexStringLower(SHA256.HashData(content)),
            name.StartsWith(VendorFolder, StringComparison.Ordinal));

    /// <summary>Its bytes.</summary>
    public byte[] Content { get; }

    /// <summary>The same with gzip (RFC 1952): all of them are text.</summary>
    public byte[] Compressed { get; }

    /// <summary>Its media type.</summary>
    public string MediaType { get; }

    /// <summary>The SHA-256 of its bytes, in hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Whether its name says its version, so that it never changes.</summary>
    public bool IsVersioned { get; }

    /// <summary>Reads all of them out of the assembly, by their names below the page's folder.</summary>
    public static IReadOnlyDictionary<string, PageFile> ReadAll()
    {
        const string folder = "page/";
        var assembly = typeof(PageFile).Assembly;
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var content = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            var name = resource[folder.Length..];
            files[name] = new PageFile(name, bytes);
        }

        return files;
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static string MediaTypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}
