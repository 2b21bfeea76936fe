namespace WanTalk.ComfyUI;

/// <summary>A file that was uploaded, under the name that the server gave it (which may differ from the one that was asked for).</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Subfolder">The folder below the type's folder, "" for none.</param>
/// <param name="Type">"input" as a rule; "temp" or "output" if asked for.</param>
public sealed record UploadedFile(string Name, string Subfolder, string Type)
{
    /// <summary>The name as a node's input wants it: folder and name.</summary>
    public string InputName => Subfolder.Length == 0 ? Name : $"{Subfolder}/{Name}";
}

/// <summary>A file on the server that <c>/view</c> can send.</summary>
/// <param name="Filename">The file's name, without a folder.</param>
/// <param name="Subfolder">The folder below the type's folder, "" for none.</param>
/// <param name="Type">"output", "input" or "temp".</param>
public record OutputFile(string Filename, string Subfolder, string Type = "output")
{
    /// <summary>Type, folder and name, as a person would write it.</summary>
    public string Path => Subfolder.Length == 0 ? $"{Type}/{Filename}" : $"{Type}/{Subfolder}/{Filename}";
}

/// <summary>A file that our node pack made, with what is needed to check it.</summary>
/// <param name="Name">What it is: "frames", "checkpoint", "shared", "audio".</param>
/// <param name="Filename">The file's name, without a folder.</param>
/// <param name="Subfolder">The folder below the type's folder.</param>
/// <param name="Type">"output", "input" or "temp".</param>
/// <param name="Sha256">The SHA-256 of its bytes, in lower-case hexadecimal.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Window">The window that it belongs to, if it belongs to one.</param>
public sealed record WanTalkFile(string Name, string Filename, string Subfolder, string Type, string Sha256, long Bytes, int? Window)
    : OutputFile(Filename, Subfolder, Type);
