using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Preflight;
using WanTalk.Core.Sampling;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Processes;
using WanTalk.Storage;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner;

/// <summary>
/// A runner's settings as its environment has them, under those of its command line. What storage and publisher need of the environment
/// they read themselves.
/// </summary>
public static class RunnerEnvironment
{
    /// <summary>The runner's home, for which nothing has a default.</summary>
    public const string Home = "WANTALK_HOME";

    /// <summary>The lanes served, separated by commas.</summary>
    public const string Lanes = "WANTALK_LANES";

    /// <summary>The presets whose models have to be there, separated by commas.</summary>
    public const string Presets = "WANTALK_PRESETS";

    /// <summary>Where artifacts and lanes are.</summary>
    public const string Storage = "WANTALK_STORAGE";

    /// <summary>Where finished videos go.</summary>
    public const string Publish = "WANTALK_PUBLISH";

    /// <summary>The limit for one window, in seconds.</summary>
    public const string WindowSeconds = "WANTALK_WINDOW_SECONDS";

    /// <summary>How long GPU lanes are left to other runners after trouble, in seconds.</summary>
    public const string CooldownSeconds = "WANTALK_COOLDOWN_SECONDS";

    /// <summary>How much media work is done at the same time.</summary>
    public const string MediaConcurrency = "WANTALK_MEDIA_CONCURRENCY";

    /// <summary>For how many seconds somebody has to speak, or preflight stops the talk.</summary>
    public const string LeastVoiceSeconds = "WANTALK_LEAST_VOICE_SECONDS";

    /// <summary>Where health is told.</summary>
    public const string HealthListen = "WANTALK_HEALTH_LISTEN";

    /// <summary>An engine that is there already.</summary>
    public const string EngineUrl = "WANTALK_ENGINE_URL";

    /// <summary>The command of the engine that the runner starts, as a shell would split it, with <c>{port}</c> for its port.</summary>
    public const string EngineCommand = "WANTALK_ENGINE_COMMAND";

    /// <summary>The current folder of that engine.</summary>
    public const string EngineFolder = "WANTALK_ENGINE_FOLDER";

    /// <summary>The folder of the engine's models.</summary>
    public const string Models = "WANTALK_MODELS";

    /// <summary>Whether other runners serve the same lanes.</summary>
    public const string SharedLanes = "WANTALK_SHARED_LANES";

    /// <summary>What goes to the log.</summary>
    public const string LogLevelName = "LOG_LEVEL";

    /// <summary>
    /// What is said to a runner in a container, and need not hold for the one that a host on the same machine starts: that one is alone, serves
    /// every lane, and has its engine and its presets from its host.
    /// </summary>
    public static IReadOnlyList<string> OfContainers { get; } =
        [Lanes, Presets, HealthListen, EngineUrl, EngineCommand, EngineFolder, Models, SharedLanes, LogLevelName];

    /// <summary>Importing PyTorch and the node packs, from a cold image, takes minutes.</summary>
    private const double EngineStartSeconds = 600;

    private static readonly LogLevel[] LogLevels =
        [LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error];

    /// <summary>Reads the environment; a home that is not given is empty.</summary>
    /// <param name="variable">Gives a variable's value.</param>
    /// <returns>The settings, and whether other runners serve the same lanes, when that is said.</returns>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArgumentInvalid"/>: a value is wrong, by its variable.</exception>
    public static (RunnerOptions Options, bool? SharesLanes) Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var options = new RunnerOptions { Home = new HomeLayout(variable(Home) ?? "") };
        options = options with
        {
            Lanes = Value(Lanes, options.Lanes, ParseLanes),
            Presets = Value(Presets, options.Presets, ParsePresets),
            Storage = Value(Storage, options.Storage, ParseStorage),
            Publish = Value(Publish, options.Publish, ParsePublish),
            WindowSeconds = Value(WindowSeconds, options.WindowSeconds, text => Number(text, 10, 86400)),
            CooldownSeconds = Value(CooldownSeconds, options.CooldownSeconds, text => Number(text, 0, 86400)),
            MediaConcurrency = Value(MediaConcurrency, options.MediaConcurrency, text => (int)Number(text, 1, 16, whole: true)),
            Preflight = options.Preflight with
            {
                LeastVoiceSeconds = Value(LeastVoiceSeconds, options.Preflight.LeastVoiceSeconds, text => Number(text, 0, PreflightOptions.MostLeastVoiceSeconds)),
            },
            HealthListen = Value(HealthListen, options.HealthListen, ParseEndpoint),
            EngineUrl = Value(EngineUrl, options.EngineUrl, ParseUrl),
            Models = Value(Models, options.Models, Path.GetFullPath),
            LogLevel = Value(LogLevelName, options.LogLevel, ParseLogLevel),
            Engine = ReadEngine(variable, options.Engine),
        };
        return (options, Value<bool?>(SharedLanes, null, text => ParseBoolean(text)));

        T Value<T>(string name, T otherwise, Func<string, T> parse)
        {
            try
            {
                return variable(name) is { Length: > 0 } text ? parse(text) : otherwise;
            }
            catch (ArgumentException wrong)
            {
                throw new TalkException(ErrorCode.ArgumentInvalid, $"{name} is wrong. {wrong.Message} Change it, or unset it.", wrong);
            }
        }
    }

    /// <summary>Reads the names of lanes.</summary>
    /// <exception cref="ArgumentException">One is none, or there is none.</exception>
    internal static IReadOnlyList<Lane> ParseLanes(string text) => Names<Lane>(text, "lane");

    /// <summary>Reads a storage's name.</summary>
    /// <exception cref="ArgumentException">There is no such storage.</exception>
    internal static StorageKind ParseStorage(string text) => StorageKinds.Find(text)
        ?? throw new ArgumentException($"There is no storage '{text}'; give one of {string.Join(", ", StorageKinds.Names)}.");

    /// <summary>Reads a publisher's name.</summary>
    /// <exception cref="ArgumentException">There is no such publisher.</exception>
    internal static PublishKind ParsePublish(string text) => PublishKinds.Find(text)
        ?? throw new ArgumentException($"There is no publisher '{text}'; give one of {string.Join(", ", PublishKinds.Names)}.");

    /// <summary>Reads an address to listen on.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static IPEndPoint ParseEndpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && text.Contains(':', StringComparison.Ordinal)
            ? endpoint
            : throw new ArgumentException($"'{text}' is no address to listen on; give one like 127.0.0.1:8081.");

    /// <summary>Reads an engine's address.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static Uri ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new ArgumentException($"'{text}' is not the address of an engine; give one like http://box:8188.");

    /// <summary>Reads true or false.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    internal static bool ParseBoolean(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new ArgumentException($"'{text}' is neither true nor false."),
    };

    /// <summary>Reads the names of presets.</summary>
    /// <exception cref="ArgumentException">One is none, or there is none.</exception>
    internal static IReadOnlyList<SamplingPreset> ParsePresets(string text) => Names<SamplingPreset>(text, "preset");

    private static EngineOptions ReadEngine(Func<string, string?> variable, EngineOptions engine)
    {
        var command = ShellWords.Split(variable(EngineCommand) ?? "", EngineCommand);
        return engine with
        {
            Command = command,
            Folder = variable(EngineFolder) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
            StartSeconds = command.Count > 0 ? EngineStartSeconds : engine.StartSeconds,
        };
    }

    /// <summary>The level that a text names; null for none, since other programs have other levels in the same variable.</summary>
    public static LogLevel? FindLogLevel(string? text) =>
        LogLevels.Where(level => NameOf(level).Equals(text, StringComparison.OrdinalIgnoreCase)).Select(level => (LogLevel?)level).FirstOrDefault();

    private static LogLevel ParseLogLevel(string text) => FindLogLevel(text)
        ?? throw new ArgumentException($"There is no level '{text}'; give one of {string.Join(", ", LogLevels.Select(NameOf))}.");

    private static double Number(string text, double least, double most, bool whole = false) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most && (!whole || double.IsInteger(number))
            ? number
            : throw new ArgumentException(FormattableString.Invariant(
                $"'{text}' is no {(whole ? "whole " : "")}number from {least} to {most}."));

    private static T[] Names<T>(string text, string what)
        where T : struct, Enum
    {
        var known = Enum.GetValues<T>();
        T[] found =
        [
            .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(name => known.Where(one => NameOf(one) == name).Select(one => (T?)one).FirstOrDefault()
                    ?? throw new ArgumentException($"There is no {what} '{name}'; give some of {string.Join(", ", known.Select(NameOf))}."))
                .Distinct(),
        ];
        return found.Length > 0 ? found : throw new ArgumentException($"It names no {what}; give some of {string.Join(", ", known.Select(NameOf))}.");
    }

    /// <summary>What a lane, a preset or a level is called in these settings.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
