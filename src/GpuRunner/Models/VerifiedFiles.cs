using System.Collections.Concurrent;
using System.Text.Json;
using WanTalk.Core.Json;

namespace WanTalk.GpuRunner.Models;

/// <summary>
/// Which files of a models folder were hashed before and have not been touched since, so that a pull that finds everything there does not
/// read tens of gigabytes. Kept in the folder, and written by who holds its lock.
/// </summary>
internal sealed class VerifiedFiles
{
    private readonly string _path;
    private readonly ConcurrentDictionary<string, Record> _records;

    private VerifiedFiles(string path, IDictionary<string, Record> records) =>
        (_path, _records) = (path, new ConcurrentDictionary<string, Record>(records, StringComparer.Ordinal));

    /// <summary>Reads what is known of a folder; what cannot be read is nothing.</summary>
    public static VerifiedFiles Read(string folder)
    {
        var path = Path.Combine(folder, ".wantalk-verified.json");
        try
        {
            return new VerifiedFiles(path, CoreJson.FromBytes<Dictionary<string, Record>>(File.ReadAllBytes(path)));
        }
        catch (Exception unknown) when (unknown is IOException or JsonException)
        {
            return new VerifiedFiles(path, new Dictionary<string, Record>());
        }
    }

    /// <summary>Whether a file was found to have the manifest's hash, and has not been touched since.</summary>
    public bool Has(ModelEntry model, string folder) =>
        _records.TryGetValue(model.LocalPath, out var known) && known == RecordOf(model, folder);

    /// <summary>Notes a file that has the manifest's hash.</summary>
    public void Note(ModelEntry model, string folder) => _records[model.LocalPath] = RecordOf(model, folder);

    /// <summary>Writes what is known, whole or not at all.</summary>
    public void Write()
    {
        File.WriteAllBytes(_path + ".part", CoreJson.ToBytes(_records));
        File.Move(_path + ".part", _path, overwrite: true);
    }

    private static Record RecordOf(ModelEntry model, string folder)
    {
        var file = new FileInfo(model.PathIn(folder));
        return new Record(model.Sha256, file.Exists ? file.Length : 0, file.Exists ? file.LastWriteTimeUtc : default);
    }

    /// <summary>A file as it was when it was hashed.</summary>
    /// <param name="Sha256">Its hash.</param>
    /// <param name="Size">Its bytes.</param>
    /// <param name="WrittenAt">When it was last written.</param>
    private sealed record Record(string Sha256, long Size, DateTime WrittenAt);
}
