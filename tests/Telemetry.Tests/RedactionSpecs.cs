using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WanTalk.Telemetry.Tests;

/// <summary>What nobody finds who reads a log.</summary>
public sealed class RedactionSpecs
{
    [Theory]
    [InlineData("no address", "no address")]
    [InlineData("It is at https://bucket.example/people/portrait.png?sig=s3cret.", "It is at https://bucket.example/…")]
    [InlineData("'http://10.0.0.1:8188/view?filename=a' and https://b.example", "'http://10.0.0.1:8188/…' and https://b.example")]
    [InlineData("amqp://user:s3cret@broker:5672/talks, then", "amqp://broker:5672/… then")]
    [InlineData("HTTPS://EXAMPLE.org#s3cret", "HTTPS://EXAMPLE.org/…")]
    [InlineData("(http://[::1]:81/x)", "(http://[::1]:81/…")]
    public void An_address_is_cut_behind_its_host(string text, string left) => Assert.Equal(left, Redaction.Of(text));

    [Theory]
    [InlineData("GET /api/talks?key=s3cret HTTP/1.1", "GET /api/talks?… HTTP/1.1")]
    [InlineData("key wt_0123456789abcdefs3cret is unknown", "key wt_… is unknown")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2s3cret= is too short", "whsec_… is too short")]
    [InlineData("Authorization: Bearer s3cret and more s3cret", "Authorization: …")]
    [InlineData("{\"Authorization\":\"AWS4-HMAC-SHA256 Credential=AK/s3cret, Signature=s3cret\"}", "{\"Authorization\":…")]
    [InlineData("X-Api-Key: s3cret", "X-Api-Key: …")]
    [InlineData("sent 'Bearer s3cret-s3cret'", "sent 'Bearer …'")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cret+/==;EndpointSuffix=x", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=…;EndpointSuffix=x")]
    [InlineData("Endpoint=sb://ns.example/;SharedAccessKeyName=n;SharedAccessKey=s3cret=", "Endpoint=sb://ns.example/…")]
    [InlineData("BlobEndpoint=http://x;SharedAccessSignature=sv=1&sig=s3cret", "BlobEndpoint=http://x;SharedAccessSignature=…")]
    [InlineData("talk.mp4 with X-Amz-Credential=s3cret&X-Amz-Signature=s3cret", "talk.mp4 with X-Amz-Credential=…")]
    [InlineData("{\"password\": \"s3cret\", \"user\": \"u\"}", "{\"password\": \"…\", \"user\": \"u\"}")]
    [InlineData("prepare of talk 4t5mbjk8hhq2n0w9rzcv1xse7d took 2.5 s", "prepare of talk 4t5mbjk8hhq2n0w9rzcv1xse7d took 2.5 s")]
    [InlineData("Send it as 'Authorization: Bearer KEY'.", "Send it as 'Authorization: …")]
    public void A_secret_leaves_a_mark_only(string text, string left) => Assert.Equal(left, Redaction.Of(text));

    [Fact]
    public void A_provider_of_text_gets_message_and_exception_redacted_whatever_registered_it()
    {
        using var one = new KeptText();
        using var two = new KeptText();
        using (var factory = LoggerFactory.Create(logging =>
        {
            logging.AddProvider(one);
            logging.Services.AddSingleton<ILoggerProvider>(_ => two);
            logging.Redacted();
        }))
        {
#pragma warning disable CA1848, CA1873 // As the programs log.
            factory.CreateLogger("host").LogError(new InvalidOperationException("https://u:s3cret@bucket.example/me.png"), "{Address} failed", "https://b.example/?sig=s3cret");
#pragma warning restore CA1848, CA1873
        }

        foreach (var kept in (KeptText[])[one, two])
        {
            var text = Assert.Single(kept.Lines);
            Assert.StartsWith("https://b.example/… failed System.InvalidOperationException: https://bucket.example/…", text, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        }
    }

    /// <summary>A sink that shows what sinks show: the message, and the exception as a text.</summary>
    private sealed class KeptText : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
