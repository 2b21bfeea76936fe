using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using WanTalk.Core.Telemetry;

namespace WanTalk.Telemetry.Tests;

/// <summary>What leaves with logs, and what does not.</summary>
public sealed class LogRedactionSpecs
{
    [Fact]
    public void Message_values_and_exception_of_a_record_are_redacted_and_the_talk_is_in_its_scope()
    {
        var records = new List<LogRecord>();
        var scopes = new List<KeyValuePair<string, object?>>();
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.IncludeFormattedMessage = true;
            options.AddProcessor(new LogRedaction()).AddInMemoryExporter(records);
        })))
        {
            var logger = factory.CreateLogger("runner");
            using var scope = logger.BeginScope(TalkScope.Of("0123456789abcdefghjkmnpqrs", "a1"));
#pragma warning disable CA1848, CA1873 // As the programs log.
            logger.LogError(
                new InvalidOperationException("https://bucket.example/me.png?sig=s3cret"),
                "{Address} failed after {Seconds} s",
                new Uri("https://bucket.example/me.png?sig=s3cret"),
                2.5);
#pragma warning restore CA1848, CA1873
            Assert.Single(records).ForEachScope((kept, all) => all.AddRange([.. kept]), scopes);
        }

        var record = records[0];
        var attributes = record.Attributes!.ToDictionary(attribute => attribute.Key, attribute => attribute.Value);
        Assert.Equal("https://bucket.example/… failed after 2.5 s", record.FormattedMessage);
        Assert.Equal("https://bucket.example/…", attributes["Address"]);
        Assert.Equal(2.5, attributes["Seconds"]);
        Assert.Null(record.Exception);
        Assert.Equal(("System.InvalidOperationException", "https://bucket.example/…"), (attributes["exception.type"], attributes["exception.message"]));
        Assert.DoesNotContain(attributes.Values, value => $"{value}".Contains("s3cret", StringComparison.Ordinal) || $"{value}".Contains("me.png", StringComparison.Ordinal));
        Assert.Equal([("wantalk.talk.id", "0123456789abcdefghjkmnpqrs"), ("wantalk.attempt.id", "a1")], scopes.Select(pair => (pair.Key, $"{pair.Value}")));
    }
}
