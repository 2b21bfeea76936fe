using System.Text.RegularExpressions;

namespace WanTalk.EndToEnd.Support;

/// <summary>Streams as a player reads them: playlists, and the files that they name.</summary>
internal static partial class StreamFiles
{
    /// <summary>The segments that a playlist names.</summary>
    public static string[] Names(string playlist) => [.. playlist.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>Writes a whole stream's header and segments behind each other into a file.</summary>
    /// <param name="http">The client.</param>
    /// <param name="playlist">The address of the playlist, beside which the files are.</param>
    /// <param name="path">The file.</param>
    public static async Task JoinAsync(HttpClient http, Uri playlist, string path)
    {
        var text = await http.GetStringAsync(playlist, TestContext.Current.CancellationToken);
        Assert.Contains("#EXT-X-PLAYLIST-TYPE:VOD", text, StringComparison.Ordinal);
        Assert.EndsWith("#EXT-X-ENDLIST\n", text, StringComparison.Ordinal);
        await using var joined = File.Create(path);
        foreach (var name in Header().Matches(text).Select(map => map.Groups[1].Value).Concat(Names(text)))
        {
            await joined.WriteAsync(await http.GetByteArrayAsync(new Uri(playlist, name), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The time and the hash of every frame.</summary>
    /// <param name="input">A file, or an address.</param>
    /// <param name="kind">v for pictures, a for speech.</param>
    /// <param name="how">What ffmpeg does to them.</param>
    public static async Task<IEnumerable<string>> FramesAsync(string input, string kind, string how = "-fps_mode passthrough")
    {
        var list = await MediaFile.PrintAsync($"-copyts -i \"{input}\" -map 0:{kind} {how} -f framemd5 -");
        return list.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')).Select(frame => $"{frame[1]} {frame[4]} {frame[5]}");
    }

    /// <summary>The hash of a frame without its time.</summary>
    public static string HashOf(string frame) => frame.Split(' ')[^1];

    [GeneratedRegex("#EXT-X-MAP:URI=\"([^\"]+)\"")]
    private static partial Regex Header();
}
