using System.Globalization;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine;
using WanTalk.Storage;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner;

/// <summary>Reads the runner's command line, which a host or an image writes; what it does not say, the environment says.</summary>
internal static class RunnerArguments
{
    /// <summary>
    /// How long a lease holds where runners share lanes, in seconds: each renewal is a paid request, and none is lost to a short pause.
    /// </summary>
    private const double SharedLeaseSeconds = 30;

    /// <summary>How often a runner that shares its lanes beats, in seconds: hosts in the cloud take it for lost after a minute and a half.</summary>
    private const double SharedHeartbeatSeconds = 5;

    /// <summary>
    /// Parses <c>[--home DIR] [--lanes LANES] [--shared-lanes true|false] [--storage KIND] [--publish KIND] [--face-required]
    /// [--health-listen ADDRESS:PORT] [--until-signalled] (--engine-url URL | [--engine-folder DIR] [--engine-variable NAME=VALUE]…
    /// [--engine-port P] [--engine-start-seconds S] --engine-command PROGRAM ARGUMENT…)</c>; the engine's command comes last, with
    /// <c>{port}</c> for its port.
    /// </summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="ArgumentException">Something is missing, not known, or outside its range.</exception>
    /// <exception cref="TalkException">A value of the environment is wrong.</exception>
    public static RunnerOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        var (options, sharesLanes) = RunnerEnvironment.Read(variable);
        var home = options.Home.Root;
        if (arguments.Any(argument => argument.StartsWith("--engine-", StringComparison.Ordinal)))
        {
            // An engine of the command line has nothing of the environment's.
            options = options with { EngineUrl = null, Engine = new EngineOptions() };
        }

        for (var at = 0; at < arguments.Count; at++)
        {
            switch (arguments[at])
            {
                case "--home":
                    home = ValueOf(arguments, ++at);
                    break;
                case "--lanes":
                    options = options with { Lanes = RunnerEnvironment.ParseLanes(ValueOf(arguments, ++at)) };
                    break;
                case "--shared-lanes":
                    sharesLanes = RunnerEnvironment.ParseBoolean(ValueOf(arguments, ++at));
                    break;
                case "--storage":
                    options = options with { Storage = RunnerEnvironment.ParseStorage(ValueOf(arguments, ++at)) };
                    break;
                case "--publish":
                    options = options with { Publish = RunnerEnvironment.ParsePublish(ValueOf(arguments, ++at)) };
                    break;
                case "--face-required":
                    options = options with { FaceRequired = true };
                    break;
                case "--until-signalled":
                    options = options with { UntilSignalled = true };
                    break;
                case "--health-listen":
                    options = options with { HealthListen = RunnerEnvironment.ParseEndpoint(ValueOf(arguments, ++at)) };
                    break;
                case "--engine-url":
                    options = options with { EngineUrl = RunnerEnvironment.ParseUrl(ValueOf(arguments, ++at)) };
                    break;
                case "--engine-folder":
                    options = options with { Engine = options.Engine with { Folder = Path.GetFullPath(ValueOf(arguments, ++at)) } };
                    break;
                case "--engine-variable":
                    options = options with { Engine = WithVariable(options.Engine, ValueOf(arguments, ++at)) };
                    break;
                case "--engine-port":
                    options = options with { Engine = options.Engine with { Port = (int)NumberOf(arguments, ++at) } };
                    break;
                case "--engine-start-seconds":
                    options = options with { Engine = options.Engine with { StartSeconds = NumberOf(arguments, ++at) } };
                    break;
                case "--engine-command":
                    options = options with { Engine = options.Engine with { Command = [.. arguments.Skip(at + 1)] } };
                    at = arguments.Count;
                    break;
                default:
                    throw new ArgumentException($"The runner does not know '{arguments[at]}'.");
            }
        }

        if (home.Length == 0)
        {
            throw new ArgumentException($"The runner needs a folder of its own. Give --home, or set {RunnerEnvironment.Home}.");
        }

        if (options.NeedsEngine)
        {
            CheckEngine(options);
        }

        var shares = sharesLanes ?? options.Storage == StorageKind.Azure;
        return options with
        {
            Home = new HomeLayout(Path.GetFullPath(home)),
            SharesLanes = shares,
            LeaseSeconds = shares ? SharedLeaseSeconds : options.LeaseSeconds,
            HeartbeatSeconds = shares ? SharedHeartbeatSeconds : options.HeartbeatSeconds,
        };
    }

    private static void CheckEngine(RunnerOptions options)
    {
        if (options.EngineUrl is null && options.Engine.Command.Count == 0)
        {
            throw new ArgumentException(
                "The lanes embed and sample need an engine. Give --engine-url or --engine-command, "
                + $"or set {RunnerEnvironment.EngineUrl} or {RunnerEnvironment.EngineCommand}; or serve the media lane only.");
        }

        options.Engine.Check();
    }

    private static EngineOptions WithVariable(EngineOptions engine, string assignment) =>
        assignment.IndexOf('=', StringComparison.Ordinal) is var at and > 0
            ? engine with
            {
                Environment = new Dictionary<string, string>(engine.Environment) { [assignment[..at]] = assignment[(at + 1)..] },
            }
            : throw new ArgumentException($"'{assignment}' is no NAME=VALUE.");

    private static double NumberOf(IReadOnlyList<string> arguments, int at) =>
        double.TryParse(ValueOf(arguments, at), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"'{arguments[at - 1]}' needs a number, not '{arguments[at]}'.");

    private static string ValueOf(IReadOnlyList<string> arguments, int at) =>
        at < arguments.Count ? arguments[at] : throw new ArgumentException($"'{arguments[at - 1]}' needs a value.");
}
