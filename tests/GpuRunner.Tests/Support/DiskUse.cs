namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>What lies in a folder over a time, as far as it was looked at.</summary>
internal sealed class DiskUse(string folder)
{
    private readonly Dictionary<string, long> _made = [];

    /// <summary>The most bytes that were there at once.</summary>
    public long Most { get; private set; }

    /// <summary>The bytes of all files that were ever there.</summary>
    public long Made => _made.Values.Sum();

    public void Look()
    {
        var now = 0L;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true }))
        {
            try
            {
                now += file.Length;
                _made[file.FullName] = Math.Max(file.Length, _made.GetValueOrDefault(file.FullName));
            }
            catch (FileNotFoundException)
            {
                // It was deleted since the folder was read.
            }
        }

        Most = Math.Max(Most, now);
    }
}
