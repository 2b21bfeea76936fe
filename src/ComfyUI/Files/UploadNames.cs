using System.Buffers;

namespace WanTalk.ComfyUI.Files;

/// <summary>
/// Which names can be uploaded and used afterwards: the server answers 500 to some, and takes an ending like " [output]" in a node's
/// input for another folder, and two dots anywhere for a way out of it.
/// </summary>
internal static class UploadNames
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\"\r\n/\\\0");
    private static readonly string[] FolderMarks = ["[input]", "[output]", "[temp]"];

    /// <exception cref="ArgumentException">The name is not one of these.</exception>
    public static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." || name.Length > 200 || name.AsSpan().IndexOfAny(Forbidden) >= 0 || name.Contains("..", StringComparison.Ordinal)
            || FolderMarks.Any(mark => name.EndsWith(mark, StringComparison.Ordinal)))
        {
            throw new ArgumentException($"A file cannot be uploaded as {name.ReplaceLineEndings(" ")}.", nameof(name));
        }
    }
}
