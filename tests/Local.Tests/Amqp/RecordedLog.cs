using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WanTalk.Local.Tests.Amqp;

/// <summary>What was logged, and a way to wait for it.</summary>
internal sealed class RecordedLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _more = new(0);

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits until a line with a text is there.</summary>
    public async Task<string> WaitForAsync(string text, int times = 1)
    {
        while (true)
        {
            var found = _lines.Where(line => line.Contains(text, StringComparison.Ordinal)).ToList();
            if (found.Count >= times)
            {
                return found[^1];
            }

            Assert.True(
                await _more.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken),
                $"'{text}' was not logged {times} times: {string.Join('\n', _lines)}");
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue(formatter(state, exception));
        _more.Release();
    }
}
