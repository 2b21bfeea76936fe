using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Records;

namespace WanTalk.Storage.Local;

/// <summary>
/// Records in SQLite. A record is the truth of who owns what, and survives the machine's power.
/// </summary>
public sealed class SqliteRecordStore : IRecordStore, IDisposable
{
    private const int PageSize = 200;

    private const string Schema =
        "CREATE TABLE IF NOT EXISTS records (name TEXT PRIMARY KEY, content BLOB NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID";

    private readonly SqliteFile _file;

    /// <summary>Opens the database, making it when it is not there.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="TalkException">It cannot be used.</exception>
    public SqliteRecordStore(string path) =>
        _file = Translate(() => new SqliteFile(path, TimeSpan.FromSeconds(30), synchronous: "FULL", Schema));

    /// <inheritdoc/>
    public Task<StoredRecord?> ReadAsync(ArtifactPath name, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            using var command = _file.Command("SELECT content, version FROM records WHERE name = $name", ("$name", name.Value));
            using var reader = command.ExecuteReader();
            return reader.Read()
                ? new StoredRecord(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1).ToString(CultureInfo.InvariantCulture))
                : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryWriteAsync(ArtifactPath name, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellationToken) => InTurnAsync(
        () => version is null
            ? _file.Run("INSERT OR IGNORE INTO records (name, content, version) VALUES ($name, $content, $first)",
                ("$name", name.Value), ("$content", content.ToArray()), ("$first", FirstVersion())) == 1
            : _file.Run("UPDATE records SET content = $content, version = version + 1 WHERE name = $name AND version = $version",
                ("$name", name.Value), ("$content", content.ToArray()), ("$version", long.Parse(version, CultureInfo.InvariantCulture))) == 1,
        cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(ArtifactPath name, CancellationToken cancellationToken) =>
        InTurnAsync(() => _file.Run("DELETE FROM records WHERE name = $name", ("$name", name.Value)), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactPath> ListAsync(
        ArtifactPath folder, ArtifactPath? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // '0' follows '/' in the order of characters: what lies between the two begins with the folder's name and a slash.
        var (last, end) = (after?.Value ?? $"{folder.Value}/", $"{folder.Value}0");
        List<ArtifactPath> page;
        do
        {
            page = await InTurnAsync(() => ReadPage(last, end), cancellationToken);
            foreach (var name in page)
            {
                yield return name;
                last = name.Value;
            }
        }
        while (page.Count == PageSize);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>A record that was deleted and made again must not have a version that it had before.</summary>
    private static long FirstVersion() => Random.Shared.NextInt64(1, long.MaxValue >> 1);

    private List<ArtifactPath> ReadPage(string after, string end)
    {
        using var command = _file.Command(
            "SELECT name FROM records WHERE name > $after AND name < $end ORDER BY name LIMIT $limit",
            ("$after", after), ("$end", end), ("$limit", PageSize));
        using var reader = command.ExecuteReader();
        var names = new List<ArtifactPath>();
        while (reader.Read())
        {
            names.Add(new ArtifactPath(reader.GetString(0)));
        }

        return names;
    }

    private Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        _file.InTurnAsync(() => Translate(work), cancellationToken);

    /// <summary>A full disk is told by the file.</summary>
    private static T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure) when (!SqliteFile.IsDiskFull(failure))
        {
            throw new TalkException(
                ErrorCode.StorageUnavailable,
                $"The index of talks cannot be used: {failure.Message}. Look at the home's disk, and at who else uses it.", failure);
        }
    }
}
