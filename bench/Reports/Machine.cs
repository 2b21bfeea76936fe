using System.Runtime.InteropServices;

namespace WanTalk.Bench.Reports;

/// <summary>On what it was measured.</summary>
/// <param name="Processor">The processor's name, as the kernel tells it.</param>
/// <param name="Cores">How many of its cores this process may use.</param>
/// <param name="System">The operating system and its version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="LoadBefore">How many processes wanted to run in the minute before, on average: above the cores' number others were measured, too.</param>
internal sealed record Machine(string Processor, int Cores, string System, string Runtime, double LoadBefore)
{
    /// <summary>This machine, now.</summary>
    public static Machine Now() => new(
        FirstValue("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], global::System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => $"{Processor}, {Cores} cores, load {LoadBefore:0.0} before, {System}, {Runtime}";

    private static string? FirstValue(string file, string key) => File.ReadLines(file)
        .Where(line => line.StartsWith(key, StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
        .FirstOrDefault();
}
