using System.Globalization;

namespace WanTalk.Understudy.Server;

/// <summary>How the understudy is started.</summary>
/// <param name="Port">The port on 127.0.0.1; 0 for any that is free.</param>
/// <param name="Folder">Where input/, output/ and temp/ are.</param>
/// <param name="ExitWithStdin">Whether it ends when its standard input closes.</param>
/// <param name="Probes">Whether it has the nodes that tests need: slow and failing ones.</param>
internal sealed record UnderstudyOptions(int Port, string Folder, bool ExitWithStdin, bool Probes = false)
{
    public const string Usage =
        "usage: understudy [--port P] [--dir D] [--max-upload-size MB] [--exit-with-stdin] [--without-pack] [--probes] [--faults]";

    private const double MaxMegabytes = 1 << 20;

    /// <summary>The largest body in bytes; 100 MB as in the real server.</summary>
    public long MaxUploadBytes { get; init; } = 100 << 20;

    /// <summary>Whether faults can be asked for at /understudy/faults.</summary>
    public bool Faults { get; init; }

    /// <summary>Whether it does without our node pack, as a ComfyUI does on which it was not installed.</summary>
    public bool WithoutPack { get; init; }

    /// <summary>Reads the command line; null if it is wrong.</summary>
    public static UnderstudyOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new UnderstudyOptions(8188, "understudy", false);
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535:
                    options = options with { Port = port };
                    i++;
                    break;
                case "--dir" when !string.IsNullOrEmpty(value):
                    options = options with { Folder = value };
                    i++;
                    break;
                case "--max-upload-size"
                    when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size)
                        && size is > 0 and <= MaxMegabytes:
                    options = options with { MaxUploadBytes = (long)(size * (1 << 20)) };
                    i++;
                    break;
                case "--exit-with-stdin":
                    options = options with { ExitWithStdin = true };
                    break;
                case "--without-pack":
                    options = options with { WithoutPack = true };
                    break;
                case "--probes":
                    options = options with { Probes = true };
                    break;
                case "--faults":
                    options = options with { Faults = true };
                    break;
                default:
                    return null;
            }
        }
        return options;
    }
}
