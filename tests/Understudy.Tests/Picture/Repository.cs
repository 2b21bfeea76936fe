namespace WanTalk.Understudy.Tests;

/// <summary>Where this repository is.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("WanTalk.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
