using System.Diagnostics;

namespace WanTalk.Faults.Houses;

/// <summary>A disk of a few megabytes in a mount namespace of its own, as the scratch of the program that is started in it.</summary>
internal static class SmallDisk
{
    private const string Script = """mount -t tmpfs -o size=24m none "$0" && exec "$@" """;

    /// <summary>More than the disk holds, and little for the machine's own, should it be that one.</summary>
    private const long Most = 64 << 20;

    private static readonly string[] _through =
        ["unshare", .. Environment.IsPrivilegedProcess ? ["--mount"] : (string[])["--user", "--map-root-user", "--mount"], "sh", "-c", Script];

    private static readonly Lazy<bool> _isPossible = new(() =>
    {
        using var folder = new TemporaryFolder("wantalk-disk-");
        using var tried = Process.Start(
            new ProcessStartInfo(_through[0], [.. _through.Skip(1), folder.Path, "true"]) { RedirectStandardError = true })!;
        tried.WaitForExit();
        return tried.ExitCode == 0;
    });

    /// <summary>Whether this machine allows it.</summary>
    public static bool IsPossible => _isPossible.Value;

    /// <summary>What goes before a program's command line; nothing where it is not allowed.</summary>
    /// <param name="folder">The folder that is the disk's.</param>
    public static IReadOnlyList<string> Through(string folder)
    {
        Directory.CreateDirectory(folder);
        return IsPossible ? [.. _through, folder] : [];
    }

    /// <summary>The folder as the program with that id sees it.</summary>
    public static string SeenBy(int id, string folder) => IsPossible ? $"/proc/{id}/root{folder}" : folder;

    /// <summary>Fills the disk, and empties it again after a while.</summary>
    /// <returns>False when it was not there.</returns>
    public static async Task<bool> FillAsync(int id, string folder, TimeSpan length, CancellationToken cancellationToken)
    {
        if (!IsPossible || !IsMountedFor(id, folder))
        {
            return false;
        }

        var filler = Path.Combine(SeenBy(id, folder), "filler");
        try
        {
            Fill(filler);
            await Task.Delay(length, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            // The program has just ended, and its disk with it.
            return false;
        }
        finally
        {
            Remove(filler);
        }
    }

    /// <summary>Whether the program has its disk already: one that was just started has not, and would have the machine's own filled.</summary>
    private static bool IsMountedFor(int id, string folder)
    {
        try
        {
            return File.ReadLines($"/proc/{id}/mountinfo").Any(line => line.Split(' ')[4] == folder);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Fill(string filler)
    {
        using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        foreach (var size in (int[])[1 << 20, 4096, 1])
        {
            try
            {
                for (var buffer = new byte[size]; file.Length < Most;)
                {
                    file.Write(buffer);
                }
            }
            catch (IOException)
            {
                // Smaller ones may still fit.
            }
        }
    }

    private static void Remove(string filler)
    {
        try
        {
            File.Delete(filler);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Gone with its disk.
        }
    }
}
