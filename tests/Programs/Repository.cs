namespace WanTalk.Programs;

/// <summary>Where things are in the checkout that is tested.</summary>
internal static class Repository
{
    private static readonly DirectoryInfo Output = new(AppContext.BaseDirectory.TrimEnd('/'));

    public static string Root { get; } = FindRoot();

    public static string Portrait => Path.Combine(Root, "samples", "portrait.png");

    public static string Speech => Path.Combine(Root, "samples", "speech.wav");

    public static string SeedWorkflow => Path.Combine(Root, "src", "GpuRunner", "engine", "graphs", "workflow_api_wanvideo.json");

    /// <summary>The assembly of a program, built in the same configuration as the tests.</summary>
    public static string ProgramOf(string room) => Path.Combine(Output.Parent!.Parent!.FullName, room, Output.Name, $"WanTalk.{room}.dll");

    private static string FindRoot()
    {
        var folder = Output;
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
        }

        return folder.FullName;
    }
}
