namespace WanTalk.Infra.Tests.Code;

/// <summary>Files of the repository, as the build copied them.</summary>
internal static class Files
{
    /// <summary>What is deployed: azure.yaml, Dockerfile.gpu and infra.</summary>
    public static string Deployed { get; } = Path.Combine(AppContext.BaseDirectory, "deployed");

    /// <summary>The Bicep files.</summary>
    public static string Bicep { get; } = Path.Combine(Deployed, "infra", "bicep");

    /// <summary>The sources of the Azure host.</summary>
    public static string Host { get; } = Path.Combine(AppContext.BaseDirectory, "host");

    /// <summary>Copies a folder.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
