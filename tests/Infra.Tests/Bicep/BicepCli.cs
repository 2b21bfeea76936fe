using System.Reflection;
using WanTalk.Infra.Tests.Code;

namespace WanTalk.Infra.Tests.Bicep;

/// <summary>The Bicep CLI of the package that the project names. It needs no network.</summary>
internal static class BicepCli
{
    private static readonly string _program = Find();

    /// <summary>Runs it.</summary>
    public static Task<Command> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, params string[] arguments)
    {
        var all = new Dictionary<string, string>(environment)
        {
            // It unpacks itself, and keeps what it has unpacked.
            ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = Path.Combine(AppContext.BaseDirectory, "bicep-unpacked"),
            ["HOME"] = AppContext.BaseDirectory,
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
        };
        return Command.RunAsync(_program, arguments, folder, all, cancellationToken);
    }

    private static string Find()
    {
        var program = typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Bicep").Value!;
        if (OperatingSystem.IsLinux() && (File.GetUnixFileMode(program) & UnixFileMode.UserExecute) == 0)
        {
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        }

        return program;
    }
}
