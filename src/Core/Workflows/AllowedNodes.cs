namespace WanTalk.Core.Workflows;

/// <summary>
/// The node classes that a workflow of a caller's own may use: those of ComfyUI's core that our graphs use, of the seed's four packs, and
/// ours, as <c>allowed-nodes.txt</c> lists them.
/// </summary>
public static class AllowedNodes
{
    private static readonly List<(string Pattern, string[] Modules)> Patterns = [];
    private static readonly Dictionary<string, string[]> Names = Read(Patterns);

    /// <summary>Whether a class is on the list.</summary>
    public static bool Contains(string name) => ModulesOf(name) is not null;

    /// <summary>
    /// Whether a class comes from where the list says: another pack may have a class of the same name. A class that is not on the list,
    /// but that an operator has allowed, may come from anywhere.
    /// </summary>
    /// <param name="name">The class.</param>
    /// <param name="module">The Python module that the engine has it from.</param>
    public static bool IsFrom(string name, string module) =>
        ModulesOf(name) is not { } modules
        || modules.Any(known => module == known || module.StartsWith(known + ".", StringComparison.OrdinalIgnoreCase));

    private static string[]? ModulesOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Names.TryGetValue(name, out var modules)
            ? modules
            : Patterns.Find(known => name.StartsWith(known.Pattern, StringComparison.Ordinal)).Modules;
    }

    private static Dictionary<string, string[]> Read(List<(string Pattern, string[] Modules)> patterns)
    {
        using var reader = new StreamReader(typeof(AllowedNodes).Assembly.GetManifestResourceStream("allowed-nodes.txt")!);
        var names = new Dictionary<string, string[]>(StringComparer.Ordinal);
        string[] modules = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                modules = line.Trim('[', ']').Split(' ');
            }
            else if (line.EndsWith('*'))
            {
                patterns.Add((line[..^1], modules));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                names[line] = modules;
            }
        }

        return names;
    }
}
