using System.Globalization;

namespace WanTalk.Bench.Talks;

/// <summary>The most memory that programs of a home had, as the kernel keeps it.</summary>
/// <param name="home">The home that their command lines name.</param>
internal sealed class ProcessPeaks(string home)
{
    /// <summary>Has the kernel forget what was before (<c>proc_pid_clear_refs(5)</c>: 5 resets the peak).</summary>
    public void Forget()
    {
        foreach (var folder in Folders())
        {
            File.WriteAllText(Path.Combine(folder.Path, "clear_refs"), "5");
        }
    }

    /// <summary>The peak of each program, in bytes, by its name.</summary>
    public IReadOnlyDictionary<string, long> Read() => Folders().ToDictionary(
        folder => folder.Program,
        folder => 1024 * long.Parse(
            File.ReadLines(Path.Combine(folder.Path, "status")).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..^"kB".Length],
            CultureInfo.InvariantCulture));

    private IEnumerable<(string Path, string Program)> Folders()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)))
        {
            string[] line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (line is [_, var program, ..] && program.EndsWith(".dll", StringComparison.Ordinal)
                && line.Any(word => word.StartsWith(home, StringComparison.Ordinal)))
            {
                yield return (folder, Path.GetFileNameWithoutExtension(program));
            }
        }
    }
}
