namespace WanTalk.EndToEnd.Support;

/// <summary>What the engine of a home says in its log.</summary>
internal static class EngineLog
{
    /// <summary>How many windows it began.</summary>
    public static int SampledIn(TemporaryFolder folder) => !Directory.Exists(folder.File("home/logs")) ? 0 : Directory
        .EnumerateFiles(folder.File("home/logs"), "comfyui.log*")
        .Sum(file => File.ReadLines(file).Count(line => line.StartsWith("Sampling window ", StringComparison.Ordinal)));
}
