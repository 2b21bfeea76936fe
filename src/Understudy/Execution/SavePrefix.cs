using System.Globalization;

namespace WanTalk.Understudy.Execution;

/// <summary>
/// The filename_prefix of the nodes that write files: its placeholders, and what is said of one that leads out of the folder.
/// </summary>
internal static class SavePrefix
{
    /// <summary>Fills in %width%, %height%, %year%, %month%, %day%, %hour%, %minute% and %second%.</summary>
    public static string Fill(string prefix, int width, int height, DateTimeOffset now)
    {
        if (!prefix.Contains('%', StringComparison.Ordinal))
            return prefix;
        foreach (var (name, value) in (ReadOnlySpan<(string, int)>)
        [
            ("width", width), ("height", height), ("year", now.Year), ("month", now.Month), ("day", now.Day),
            ("hour", now.Hour), ("minute", now.Minute), ("second", now.Second),
        ])
        {
            var text = value.ToString(name is "width" or "height" ? "0" : "00", CultureInfo.InvariantCulture);
            prefix = prefix.Replace($"%{name}%", text, StringComparison.Ordinal);
        }
        return prefix;
    }

    /// <summary>The server's words for a prefix that leads out of a folder.</summary>
    public static string OutsideOf(string root, string prefix)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(Path.Combine(root, prefix))) ?? "/";
        var (left, right) = (folder.Split('/'), root.Split('/'));
        var shared = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        var common = string.Join('/', left.Take(shared));
        return $"**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: {folder}\n"
            + $"         output_dir: {root}\n         commonpath: {(common.Length == 0 ? "/" : common)}";
    }
}
