using System.CommandLine;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;

namespace WanTalk.GpuRunner.Models;

/// <summary>The options that the models commands have in common.</summary>
internal static class ModelsOptions
{
    private const string AllPresets = "all";

    public static readonly Option<string?> Preset = new("--preset")
    {
        Description = "Presets, separated by commas, or all for every model, the alternatives too. Default: WANTALK_PRESETS, or recommended.",
        HelpName = "NAMES",
    };

    public static readonly Option<string?> To = new("--to") { Description = "The models folder. Default: WANTALK_MODELS.", HelpName = "DIR" };

    public static readonly Option<string?> Manifest =
        new("--manifest") { Description = "The manifest. Default: engine/models.json beside the program.", HelpName = "FILE" };

    public static readonly Option<string?> BaseUrl = new("--base-url")
    {
        Description = "A mirror with the same paths; it is sent no token. Default: WANTALK_MODELS_URL, or the manifest's own.",
        HelpName = "URL",
    };

    public static readonly Option<int> Parallel =
        new("--parallel") { Description = "How many files at a time, 1 to 16. Default 4.", DefaultValueFactory = _ => 4, HelpName = "N" };

    public static readonly Option<bool> AllowUnlocked =
        new("--allow-unlocked") { Description = "Accept files whose size or SHA-256 the manifest does not say." };

    public static readonly Option<bool> Json = new("--json") { Description = "End with one JSON object on standard output." };

    /// <summary>The manifest's path.</summary>
    public static string ManifestPath(ParseResult parsed) => parsed.GetValue(Manifest) ?? ModelManifest.DefaultPath;

    /// <summary>The chosen presets; none for every model.</summary>
    /// <exception cref="TalkException">There is no such preset.</exception>
    public static IReadOnlyList<SamplingPreset> Presets(ParseResult parsed)
    {
        var text = parsed.GetValue(Preset) ?? Variable(RunnerEnvironment.Presets) ?? "recommended";
        return text == AllPresets ? [] : Guard(() => RunnerEnvironment.ParsePresets(text));
    }

    /// <summary>The models folder.</summary>
    /// <exception cref="TalkException">None is given.</exception>
    public static string Folder(ParseResult parsed) => (parsed.GetValue(To) ?? Variable(RunnerEnvironment.Models)) is { } folder
        ? Path.GetFullPath(folder)
        : throw new TalkException(ErrorCode.ArgumentInvalid, $"Where are the models? Give --to DIR, or set {RunnerEnvironment.Models}.");

    /// <summary>Where models are fetched from.</summary>
    /// <exception cref="TalkException">The mirror's address is none.</exception>
    public static ModelSource Source(ParseResult parsed, ModelManifest manifest)
    {
        var text = parsed.GetValue(BaseUrl) ?? Variable(ModelSource.MirrorVariable);
        var mirror = text is null ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
            : throw new TalkException(
                ErrorCode.ArgumentInvalid, $"'{text}' is not the address of a mirror. Give one like https://models.example.org.");
        return new ModelSource(manifest.BaseUrl, mirror, Variable(ModelSource.TokenVariable));
    }

    /// <summary>How models are downloaded.</summary>
    /// <exception cref="TalkException">An option is outside its range.</exception>
    public static DownloadOptions Download(ParseResult parsed) => parsed.GetValue(Parallel) is >= 1 and <= 16 and var parallel
        ? new DownloadOptions { Parallel = parallel, AllowUnlocked = parsed.GetValue(AllowUnlocked) }
        : throw new TalkException(ErrorCode.ArgumentInvalid, "--parallel has to be 1 to 16.");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static T Guard<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (ArgumentException wrong)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, wrong.Message, wrong);
        }
    }
}
