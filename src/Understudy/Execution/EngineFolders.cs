namespace WanTalk.Understudy.Execution;

/// <summary>The folders input, output and temp, and the rules for names in them.</summary>
internal sealed class EngineFolders
{
    public EngineFolders(string root)
    {
        Root = Path.GetFullPath(root);
        foreach (var type in (ReadOnlySpan<string>)["input", "output", "temp"])
            Directory.CreateDirectory(Path.Combine(Root, type));
        ClearTemp();
    }

    public string Root { get; }

    public string Input => Path.Combine(Root, "input");

    public string Output => Path.Combine(Root, "output");

    public string Temp => Path.Combine(Root, "temp");

    /// <summary>The folder of a type; null for an unknown type.</summary>
    public string? Of(string type) => type is "input" or "output" or "temp" ? Path.Combine(Root, type) : null;

    /// <summary>
    /// The path of a file that a node names: relative to input/, or to the folder that an annotation names ("x.png [output]"). Null for a
    /// name that leads out of the folder (the real server follows such names; we do not).
    /// </summary>
    public string? FileNamed(string name)
    {
        var (bare, type) = SplitAnnotation(name);
        return Inside(Of(type ?? "input")!, bare);
    }

    /// <summary>A path below a folder; null if it leads out of it or is the folder itself.</summary>
    public static string? Inside(string folder, string relative)
    {
        if (relative.Length == 0 || relative.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(relative))
            return null;
        var full = Path.GetFullPath(Path.Combine(folder, relative));
        return full.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : null;
    }

    /// <summary>Splits "name [type]" into its parts; the type is null without an annotation.</summary>
    public static (string Name, string? Type) SplitAnnotation(string name)
    {
        foreach (var type in (ReadOnlySpan<string>)["output", "input", "temp"])
        {
            if (name.EndsWith($"[{type}]", StringComparison.Ordinal))
                return (name[..^(type.Length + 2)].TrimEnd(), type);
        }
        return (name, null);
    }

    /// <summary>
    /// Where files of a filename_prefix go: the folder (made if missing), its name below output/ or temp/, and the beginning of the files'
    /// names.
    /// </summary>
    public (string Folder, string Subfolder, string Stem) ForPrefix(string prefix, string type = "output")
    {
        var root = Of(type)!;
        if (Inside(root, prefix) is not { } path || prefix.EndsWith('/'))
            throw new NodeException("Exception", SavePrefix.OutsideOf(root, prefix));
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var subfolder = Path.GetRelativePath(root, folder);
        return (folder, subfolder == "." ? "" : subfolder, Path.GetFileName(path));
    }

    private void ClearTemp()
    {
        foreach (var entry in new DirectoryInfo(Temp).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }
    }
}
