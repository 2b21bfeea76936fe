using System.Globalization;

namespace WanTalk.GpuRunner.Processes;

/// <summary>
/// Puts a guard before a program that does not care about its standard input, as ComfyUI does not: a small shell script that ends the
/// program with all that it started when this process closes the input, or dies in whatever way.
/// </summary>
internal static class Guard
{
    /// <summary>The variable that the program and everything that it starts have in their environment.</summary>
    public const string Variable = "WANTALK_ENGINE";

    /// <summary>How long the guard may take for what it has to do itself.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "guard.sh");

    /// <summary>The command with a guard before it.</summary>
    /// <param name="command">The program; its grace is the time between SIGTERM and SIGKILL.</param>
    /// <param name="mark">Tells the program's processes from all others: <see cref="MarkedProcesses"/>.</param>
    public static ChildCommand Around(ChildCommand command, string mark)
    {
        var tenths = Math.Ceiling(command.Grace.TotalSeconds * 10).ToString(CultureInfo.InvariantCulture);
        return command with { Line = ["sh", Script, $"{Variable}={mark}", tenths, .. command.Line], Grace = command.Grace + Margin };
    }
}
