using System.IO.Enumeration;
using WanTalk.Core.Artifacts;

namespace WanTalk.Storage.Local;

/// <summary>Walks a folder of artifacts in the ordinal order of their whole names. Holds the names of one folder for each level.</summary>
internal static class FolderWalk
{
    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = 0 };

    /// <summary>What is below a folder; nothing when there is no such folder.</summary>
    internal static IEnumerable<ArtifactProperties> Below(string folder, string name, CancellationToken cancellationToken)
    {
        foreach (var key in KeysIn(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.Combine(folder, key);
            if (key.EndsWith('/'))
            {
                foreach (var below in Below(path, $"{name}/{key[..^1]}", cancellationToken))
                {
                    yield return below;
                }
            }
            else if (PropertiesOf(path, $"{name}/{key}") is { } properties)
            {
                yield return properties;
            }
        }
    }

    // A folder sorts as "name/", because that is how the names below it go on: "a-b" < "a.b" < "a/b" although "a" < "a-b".
    private static List<string> KeysIn(string folder)
    {
        try
        {
            List<string> keys =
            [
                .. new FileSystemEnumerable<string>(
                    folder,
                    (ref FileSystemEntry entry) => entry.IsDirectory ? $"{entry.FileName}/" : entry.FileName.ToString(),
                    _everything),
            ];
            keys.Sort(StringComparer.Ordinal);
            return keys;
        }
        catch (IOException exception) when (exception is DirectoryNotFoundException || File.Exists(folder))
        {
            // Deleted meanwhile, or an artifact and no folder.
            return [];
        }
    }

    private static ArtifactProperties? PropertiesOf(string file, string name)
    {
        try
        {
            var info = new FileInfo(file);
            return new ArtifactProperties(new ArtifactPath(name), info.Length, info.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            // Deleted meanwhile.
            return null;
        }
        catch (ArgumentException)
        {
            // Somebody else's file, under a name that no artifact has.
            return null;
        }
    }
}
