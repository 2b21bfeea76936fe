using System.CommandLine;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Local.Hosting;
using WanTalk.Storage;

namespace WanTalk.Local.Commands;

/// <summary>The options that several commands have.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Out = new("--out") { Description = "The video's file. Default: the speech's name with .mp4, here." };

    public static readonly Option<string?> ComfyUI =
        new("--comfyui") { Description = "A ComfyUI with WanTalk's node pack, for example http://box:8188. Default: the one in COMFYUI_PATH, else the understudy, a preview." };

    public static readonly Option<string?> Home =
        new("--home") { Description = "The folder for state and artifacts. Default: WANTALK_HOME, or ~/.wantalk." };

    public static readonly Option<string?> Storage = new("--storage")
    {
        Description = "Where artifacts and lanes are: folder (in the home) or azure (docs/storage.md). Default: WANTALK_STORAGE, or folder.",
        HelpName = "KIND",
    };

    public static readonly Option<string?> Publish = new("--publish")
    {
        Description = "Where finished videos go beside --out: folder (in the home) or r2 (docs/storage.md). Default: WANTALK_PUBLISH, or folder.",
        HelpName = "KIND",
    };

    public static readonly Option<string?> WorkflowNodes = new("--workflow-nodes")
    {
        Description = "Node classes that workflows may use beside the usual ones, separated by commas. Default: WANTALK_WORKFLOW_NODES.",
        HelpName = "NAMES",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "End with one JSON object on standard output." };

    /// <summary>Reads what decides where a talk runs.</summary>
    /// <exception cref="TalkException">The engine's address, or the kind of storage or publisher, is none.</exception>
    public static LocalOptions Read(ParseResult parsed) => new()
    {
        Home = parsed.GetValue(Home) ?? Hosting.Home.DefaultRoot(),
        DefaultPreset = RequestOptions.FromEnvironment(Environment.GetEnvironmentVariable).DefaultPreset,
        ComfyUI = parsed.GetValue(ComfyUI) is { } text ? ParseEngine(text) : null,
        Storage = ParseKind(
            "storage", parsed.GetValue(Storage) ?? Environment.GetEnvironmentVariable("WANTALK_STORAGE"), StorageKinds.Find, StorageKinds.Names),
        Publish = ParseKind(
            "publisher", parsed.GetValue(Publish) ?? Environment.GetEnvironmentVariable("WANTALK_PUBLISH"), PublishKinds.Find, PublishKinds.Names),
    };

    /// <summary>Reads what is decided about requests here.</summary>
    /// <exception cref="TalkException">A variable is wrong.</exception>
    public static RequestOptions ReadRequests(ParseResult parsed)
    {
        var options = RequestOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        return parsed.GetValue(WorkflowNodes) is { } nodes ? options with { AlsoAllowedNodes = RequestOptions.NodesIn(nodes) } : options;
    }

    // The first kind of each is the one that needs no cloud.
    private static T ParseKind<T>(string what, string? text, Func<string, T?> find, IReadOnlyList<string> names)
        where T : struct, Enum => text is null or ""
        ? default
        : find(text) ?? throw new TalkException(ErrorCode.ArgumentInvalid, $"There is no {what} '{text}'. Give one of {string.Join(", ", names)}.");

    private static Uri ParseEngine(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")
            ? url
            : throw new TalkException(ErrorCode.ArgumentInvalid, $"'{text}' is not the address of a ComfyUI. Give one like http://box:8188.");
}
