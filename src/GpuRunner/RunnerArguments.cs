using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner;

/// <summary>Reads the runner's command line; it is written by a host, not by a person.</summary>
internal static class RunnerArguments
{
    /// <summary>Parses <c>--home DIR (--engine-url URL | --engine-command PROGRAM ARGUMENT…)</c>; the engine's command comes last.</summary>
    /// <exception cref="ArgumentException">Something is missing or not known.</exception>
    public static RunnerOptions Parse(IReadOnlyList<string> arguments)
    {
        string? home = null;
        Uri? engineUrl = null;
        IReadOnlyList<string> engineCommand = [];
        for (var at = 0; at < arguments.Count; at++)
        {
            switch (arguments[at])
            {
                case "--home":
                    home = ValueOf(arguments, ++at);
                    break;
                case "--engine-url":
                    engineUrl = new Uri(ValueOf(arguments, ++at), UriKind.Absolute);
                    break;
                case "--engine-command":
                    engineCommand = [.. arguments.Skip(at + 1)];
                    at = arguments.Count;
                    break;
                default:
                    throw new ArgumentException($"The runner does not know '{arguments[at]}'.");
            }
        }

        if (home is null || (engineUrl is null && engineCommand.Count == 0))
        {
            throw new ArgumentException("The runner needs --home, and --engine-url or --engine-command.");
        }

        return new RunnerOptions { Home = new HomeLayout(Path.GetFullPath(home)), EngineUrl = engineUrl, EngineCommand = engineCommand };
    }

    private static string ValueOf(IReadOnlyList<string> arguments, int at) =>
        at < arguments.Count ? arguments[at] : throw new ArgumentException($"'{arguments[at - 1]}' needs a value.");
}
