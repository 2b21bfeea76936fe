using System.Text.Json;
using System.Text.RegularExpressions;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Sampling;

namespace WanTalk.GpuRunner.Models;

/// <summary>All models that talks may need; the file is <c>engine/models.json</c>, beside the program and in the sources.</summary>
/// <param name="BaseUrl">Where repositories are: a server with Hugging Face's addresses.</param>
/// <param name="Models">The models' files.</param>
internal sealed partial record ModelManifest(Uri BaseUrl, IReadOnlyList<ModelEntry> Models)
{
    /// <summary>The manifest beside the program.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "engine", "models.json");

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArgumentInvalid"/>: it cannot be read, or says something that cannot be.</exception>
    public static ModelManifest Read(string path)
    {
        try
        {
            var manifest = CoreJson.FromBytes<ModelManifest>(System.IO.File.ReadAllBytes(path));
            manifest.Check(path);
            return manifest;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Wrong(path, failure.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>The entries that presets need; with no preset all entries, the alternatives too.</summary>
    public IReadOnlyList<ModelEntry> For(IReadOnlyList<SamplingPreset> presets) =>
        presets.Count == 0 ? Models : [.. Models.Where(model => model.Presets.Intersect(presets).Any())];

    /// <summary>Writes the manifest, whole or not at all.</summary>
    public void Write(string path)
    {
        System.IO.File.WriteAllText(path + ".part", JsonSerializer.Serialize(this, CoreJson.Readable));
        System.IO.File.Move(path + ".part", path, overwrite: true);
    }

    private void Check(string path)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (var model in Models)
        {
            var isInRepository = model is { Repository: not null, Revision: not null, RemotePath: not null };
            if (!IsHttp(BaseUrl) || (model.Url is { } url ? !IsHttp(url) : !isInRepository))
            {
                throw Wrong(path, $"{model.Id} has neither a repository with revision and path, nor an address.");
            }

            if (!IsInside(model.LocalPath) || Path.GetFileName(model.File) != model.File)
            {
                throw Wrong(path, $"{model.Id} would be written outside of the models folder.");
            }

            if (model.Sha256.Length > 0 && !Sha256().IsMatch(model.Sha256))
            {
                throw Wrong(path, $"{model.Id} has a sha256 that is none: 64 lower-case hexadecimal digits.");
            }

            if (!places.Add(model.LocalPath))
            {
                throw Wrong(path, $"{model.LocalPath} is there twice.");
            }
        }
    }

    private static bool IsHttp(Uri url) => url.IsAbsoluteUri && url.Scheme is "http" or "https";

    private static bool IsInside(string path) =>
        !Path.IsPathRooted(path) && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static TalkException Wrong(string path, string what) =>
        new(ErrorCode.ArgumentInvalid, $"The model manifest {path} cannot be used: {what}");

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();
}
