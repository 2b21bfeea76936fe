using Microsoft.Extensions.Logging;

namespace WanTalk.Telemetry;

/// <summary>Gives another provider's loggers what is logged, message and exception as <see cref="Redaction"/> leaves them.</summary>
/// <param name="inner">The other provider; disposed with this one.</param>
public sealed class RedactingLoggerProvider(ILoggerProvider inner) : ILoggerProvider, ISupportExternalScope
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName));

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (inner.IsEnabled(logLevel))
            {
                // Text only: what a message was put together from is for exports, which have their own LogRedaction.
                inner.Log(
                    logLevel, eventId, Redaction.Of(formatter(state, exception)), exception is null ? null : new RedactedException(exception), (text, _) => text);
            }
        }
    }

    /// <summary>What sinks show of an exception.</summary>
    private sealed class RedactedException(Exception exception) : Exception(Redaction.Of(exception.Message))
    {
        private readonly string _text = Redaction.Of(exception.ToString());

        public override string? StackTrace { get; } = exception.StackTrace is { } trace ? Redaction.Of(trace) : null;

        public override string ToString() => _text;
    }
}
