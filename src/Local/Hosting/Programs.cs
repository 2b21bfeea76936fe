using WanTalk.Core.Errors;

namespace WanTalk.Local.Hosting;

/// <summary>Finds the other programs of WanTalk: they lie beside this one, as the build leaves them.</summary>
internal static class Programs
{
    /// <summary>The command that starts a program: <c>dotnet</c> and its assembly.</summary>
    /// <param name="room">The room's name, for example <c>GpuRunner</c>.</param>
    /// <exception cref="TalkException">It is not there.</exception>
    public static IReadOnlyList<string> CommandOf(string room)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = Environment.GetEnvironmentVariable("WANTALK_PROGRAMS") is { Length: > 0 } given ? given : own.Parent!.Parent!.FullName;
        var assembly = Path.Combine(root, room, own.Name, $"WanTalk.{room}.dll");
        return File.Exists(assembly)
            ? [DotnetHost(), assembly]
            : throw new TalkException(ErrorCode.ProgramMissing, $"{assembly} is missing. Start through ./wantalk, which builds it.");
    }

    private static string DotnetHost() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
}
