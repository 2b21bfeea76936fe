using System.Globalization;
using System.Net;
using WanTalk.GpuRunner.Engine;
using WanTalk.Storage;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner;

/// <summary>Reads the runner's command line; it is written by a host, not by a person.</summary>
internal static class RunnerArguments
{
    /// <summary>
    /// Parses <c>--home DIR [--storage KIND] [--publish KIND] [--face-required] [--health-listen ADDRESS:PORT] (--engine-url URL |
    /// [--engine-folder DIR] [--engine-variable NAME=VALUE]… [--engine-port P] [--engine-start-seconds S] --engine-command PROGRAM
    /// ARGUMENT…)</c>; the engine's command comes last, with <c>{port}</c> for its port.
    /// </summary>
    /// <exception cref="ArgumentException">Something is missing, not known, or outside its range.</exception>
    public static RunnerOptions Parse(IReadOnlyList<string> arguments)
    {
        string? home = null;
        Uri? engineUrl = null;
        var storage = StorageKind.Folder;
        var publish = PublishKind.Folder;
        var faceRequired = false;
        IPEndPoint? healthListen = null;
        var engine = new EngineOptions();
        for (var at = 0; at < arguments.Count; at++)
        {
            switch (arguments[at])
            {
                case "--home":
                    home = ValueOf(arguments, ++at);
                    break;
                case "--storage":
                    storage = StorageOf(ValueOf(arguments, ++at));
                    break;
                case "--publish":
                    publish = PublishOf(ValueOf(arguments, ++at));
                    break;
                case "--face-required":
                    faceRequired = true;
                    break;
                case "--health-listen":
                    healthListen = EndpointOf(ValueOf(arguments, ++at));
                    break;
                case "--engine-url":
                    engineUrl = UrlOf(ValueOf(arguments, ++at));
                    break;
                case "--engine-folder":
                    engine = engine with { Folder = Path.GetFullPath(ValueOf(arguments, ++at)) };
                    break;
                case "--engine-variable":
                    engine = WithVariable(engine, ValueOf(arguments, ++at));
                    break;
                case "--engine-port":
                    engine = engine with { Port = (int)NumberOf(arguments, ++at) };
                    break;
                case "--engine-start-seconds":
                    engine = engine with { StartSeconds = NumberOf(arguments, ++at) };
                    break;
                case "--engine-command":
                    engine = engine with { Command = [.. arguments.Skip(at + 1)] };
                    at = arguments.Count;
                    break;
                default:
                    throw new ArgumentException($"The runner does not know '{arguments[at]}'.");
            }
        }

        if (home is null || (engineUrl is null && engine.Command.Count == 0))
        {
            throw new ArgumentException("The runner needs --home, and --engine-url or --engine-command.");
        }

        engine.Check();
        return new RunnerOptions
        {
            Home = new HomeLayout(Path.GetFullPath(home)),
            Storage = storage,
            Publish = publish,
            EngineUrl = engineUrl,
            Engine = engine,
            FaceRequired = faceRequired,
            HealthListen = healthListen,
        };
    }

    private static EngineOptions WithVariable(EngineOptions engine, string assignment) =>
        assignment.IndexOf('=', StringComparison.Ordinal) is var at and > 0
            ? engine with
            {
                Environment = new Dictionary<string, string>(engine.Environment) { [assignment[..at]] = assignment[(at + 1)..] },
            }
            : throw new ArgumentException($"'{assignment}' is no NAME=VALUE.");

    private static StorageKind StorageOf(string text) => StorageKinds.Find(text)
        ?? throw new ArgumentException($"There is no storage '{text}'; give one of {string.Join(", ", StorageKinds.Names)}.");

    private static PublishKind PublishOf(string text) => PublishKinds.Find(text)
        ?? throw new ArgumentException($"There is no publisher '{text}'; give one of {string.Join(", ", PublishKinds.Names)}.");

    private static IPEndPoint EndpointOf(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && text.Contains(':', StringComparison.Ordinal)
            ? endpoint
            : throw new ArgumentException($"'{text}' is no address to listen on; give one like 127.0.0.1:8081.");

    private static Uri UrlOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new ArgumentException($"'{text}' is not the address of an engine.");

    private static double NumberOf(IReadOnlyList<string> arguments, int at) =>
        double.TryParse(ValueOf(arguments, at), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"'{arguments[at - 1]}' needs a number, not '{arguments[at]}'.");

    private static string ValueOf(IReadOnlyList<string> arguments, int at) =>
        at < arguments.Count ? arguments[at] : throw new ArgumentException($"'{arguments[at - 1]}' needs a value.");
}
