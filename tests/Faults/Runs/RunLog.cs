using System.Diagnostics;
using System.Globalization;

namespace WanTalk.Faults.Runs;

/// <summary>What happened in a run, each with its time: a file, and whoever looks.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly Action<string>? _tell;
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <param name="path">The file.</param>
    /// <param name="tell">Hears each line; null for nobody.</param>
    public RunLog(string path, Action<string>? tell)
    {
        _file = new StreamWriter(path) { AutoFlush = true };
        _tell = tell;
    }

    /// <summary>For how long the log has been there.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    /// <summary>Writes a line.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,9:0.000}  {line}");
            _file.WriteLine(text);
            _tell?.Invoke(text);
        }
    }

    public void Dispose() => _file.Dispose();
}
