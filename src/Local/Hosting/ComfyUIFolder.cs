using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Processes;

namespace WanTalk.Local.Hosting;

/// <summary>
/// An installation of ComfyUI on this machine, which the runner starts: the folder that <c>COMFYUI_PATH</c> names, with the Python that
/// <c>COMFYUI_PYTHON</c> names or that lies in it, and the further arguments of <c>COMFYUI_ARGS</c>.
/// </summary>
/// <param name="Folder">The folder, as a full path.</param>
/// <param name="Python">The Python that runs it.</param>
/// <param name="Arguments">The arguments behind our own.</param>
internal sealed record ComfyUIFolder(string Folder, string Python, IReadOnlyList<string> Arguments)
{
    /// <summary>Importing PyTorch and the node packs takes minutes from a slow disk.</summary>
    private const int StartSeconds = 600;

    /// <summary>Where our node pack belongs.</summary>
    public string NodePack => Path.Combine(Folder, "custom_nodes", "wantalk");

    /// <summary>Whether our node pack is there.</summary>
    public bool HasNodePack => File.Exists(Path.Combine(NodePack, "__init__.py"));

    /// <summary>How a runner is told to start it.</summary>
    public IReadOnlyList<string> RunnerArguments =>
    [
        "--engine-folder", Folder, "--engine-start-seconds", $"{StartSeconds}", "--engine-command",
        Python, "main.py", "--listen", "127.0.0.1", "--port", "{port}", "--disable-auto-launch", "--cache-lru", "64", .. Arguments,
    ];

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Gives a variable's value.</param>
    /// <returns>Null when <c>COMFYUI_PATH</c> is not set.</returns>
    /// <exception cref="TalkException">There is no ComfyUI, or its Python is missing, or an argument cannot be used.</exception>
    public static ComfyUIFolder? Find(Func<string, string?> variable)
    {
        if (variable("COMFYUI_PATH") is not { Length: > 0 } path)
        {
            return null;
        }

        var folder = Path.GetFullPath(path);
        if (!File.Exists(Path.Combine(folder, "main.py")))
        {
            throw new TalkException(ErrorCode.ArgumentInvalid,
                $"COMFYUI_PATH is {path}, which is no ComfyUI: it has no main.py. Set it to ComfyUI's folder, or unset it.");
        }

        var arguments = ShellWords.Split(variable("COMFYUI_ARGS") ?? "", "COMFYUI_ARGS");
        return arguments.Any(word => word == "--port" || word.StartsWith("--port=", StringComparison.Ordinal))
            ? throw new TalkException(ErrorCode.ArgumentInvalid, "COMFYUI_ARGS has --port, but WanTalk chooses a free one. Take it out.")
            : new ComfyUIFolder(folder, PythonFor(folder, variable("COMFYUI_PYTHON")), arguments);
    }

    private static string PythonFor(string folder, string? given)
    {
        if (given is { Length: > 0 })
        {
            return !given.Contains('/', StringComparison.Ordinal) || File.Exists(given)
                ? given
                : throw new TalkException(
                    ErrorCode.ArgumentInvalid, $"COMFYUI_PYTHON is {given}, which does not exist. Correct it, or unset it.");
        }

        return ((string[])["venv", ".venv"])
            .Select(name => Path.Combine(folder, name, "bin", "python"))
            .FirstOrDefault(File.Exists) ?? "python3";
    }
}
