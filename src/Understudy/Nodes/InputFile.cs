using System.Security.Cryptography;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes;

/// <summary>Files that nodes name. As in the real server a folder passes the validation and fails when it is read.</summary>
internal static class InputFile
{
    public static string? Validate(NodeInputs inputs, EngineFolders folders, string input, string kind)
    {
        var name = inputs.Values.GetValueOrDefault(input)?.ToString() ?? "";
        return folders.FileNamed(name) is { } path && Path.Exists(path) ? null : $"{input} - Invalid {kind} file: {name}";
    }

    public static string Fingerprint(NodeInputs inputs, EngineFolders folders, string input)
    {
        using var file = File.OpenRead(PathOf(inputs, folders, input));
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>The path of a file that can be read; the module is where the library that would read it has its exceptions.</summary>
    public static string PathOf(NodeInputs inputs, EngineFolders folders, string input, string module = "")
    {
        var name = inputs.Text(input);
        if (folders.FileNamed(name) is not { } path)
            throw new NodeException($"{module}FileNotFoundError", $"There is no file {name} in the input folder.");
        if (Directory.Exists(path))
            throw new NodeException($"{module}IsADirectoryError", $"[Errno 21] Is a directory: '{path}'");
        return File.Exists(path)
            ? path
            : throw new NodeException($"{module}FileNotFoundError", $"[Errno 2] No such file or directory: '{path}'");
    }
}
