using Microsoft.Data.Sqlite;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.Local;

/// <summary>
/// A database in SQLite, through one connection that one caller uses at a time; any number of processes may have it open. It is in WAL mode,
/// so that what was written survives the death of every process.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const int SqliteFull = 13;
    private const int SqliteSharedMemoryCannotGrow = 4874;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Opens the database, making it when it is not there.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="busyTimeout">How long another process's write is waited for.</param>
    /// <param name="synchronous">FULL for what must survive the machine's power, NORMAL for what may be lost with it.</param>
    /// <param name="schema">What makes its tables when they are not there.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.DiskFull"/>.</exception>
    internal SqliteFile(string path, TimeSpan busyTimeout, string synchronous, string schema)
    {
        _path = Path.GetFullPath(path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        }.ToString());
        try
        {
            Translate(() =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
                _connection.Open();
                Run($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}");
                Run("PRAGMA journal_mode = WAL");
                Run($"PRAGMA synchronous = {synchronous}");
                return Run(schema);
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Uses the connection when it is the caller's turn.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.DiskFull"/>.</exception>
    internal async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
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

    /// <summary>Runs a statement, in the caller's turn.</summary>
    /// <returns>How many rows it changed.</returns>
    internal int Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Prepares a statement, in the caller's turn.</summary>
    internal SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    private T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsDiskFull(exception))
        {
            throw new TalkException(
                ErrorCode.DiskFull, $"The disk that holds {Path.GetDirectoryName(_path)} is full. Free some space there and go on.", exception);
        }
    }

    /// <summary>Whether an exception means that the disk is full.</summary>
    internal static bool IsDiskFull(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull || sqlite.SqliteExtendedErrorCode == SqliteSharedMemoryCannotGrow,
        IOException io => Libc.IsDiskFull(io),
        _ => false,
    };
}
