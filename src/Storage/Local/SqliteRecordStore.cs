using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Records;

namespace WanTalk.Storage.Local;

/// <summary>
/// Records in SQLite, through one connection that one caller uses at a time. WAL with synchronous FULL: a record is the truth of who owns
/// what, and survives the machine's power.
/// </summary>
public sealed class SqliteRecordStore : IRecordStore, IDisposable
{
    private const int SqliteFull = 13;
    private const int PageSize = 200;

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Opens the database, making it when it is not there.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="TalkException">It cannot be used.</exception>
    public SqliteRecordStore(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            Translate(() =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                _connection.Open();
                return Run("""
                    PRAGMA busy_timeout = 30000;
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    CREATE TABLE IF NOT EXISTS records (name TEXT PRIMARY KEY, content BLOB NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    """);
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<StoredRecord?> ReadAsync(ArtifactPath name, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            using var command = Command("SELECT content, version FROM records WHERE name = $name", ("$name", name.Value));
            using var reader = command.ExecuteReader();
            return reader.Read()
                ? new StoredRecord(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1).ToString(CultureInfo.InvariantCulture))
                : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryWriteAsync(ArtifactPath name, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellationToken) => InTurnAsync(
        () => version is null
            ? Run("INSERT OR IGNORE INTO records (name, content, version) VALUES ($name, $content, $first)",
                ("$name", name.Value), ("$content", content.ToArray()), ("$first", FirstVersion())) == 1
            : Run("UPDATE records SET content = $content, version = version + 1 WHERE name = $name AND version = $version",
                ("$name", name.Value), ("$content", content.ToArray()), ("$version", long.Parse(version, CultureInfo.InvariantCulture))) == 1,
        cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(ArtifactPath name, CancellationToken cancellationToken) =>
        InTurnAsync(() => Run("DELETE FROM records WHERE name = $name", ("$name", name.Value)), cancellationToken);

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
    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    /// <summary>A record that was deleted and made again must not have a version that it had before.</summary>
    private static long FirstVersion() => Random.Shared.NextInt64(1, long.MaxValue >> 1);

    private List<ArtifactPath> ReadPage(string after, string end)
    {
        using var command = Command(
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

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Translate(work);
        }
        finally
        {
            _turn.Release();
        }
    }

    private T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure)
        {
            throw new TalkException(
                failure.SqliteErrorCode == SqliteFull ? ErrorCode.DiskFull : ErrorCode.StorageUnavailable,
                $"The index {_connection.DataSource} cannot be used: {failure.Message}. Look at its disk, and at who else uses it.", failure);
        }
    }

    private int Run(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
