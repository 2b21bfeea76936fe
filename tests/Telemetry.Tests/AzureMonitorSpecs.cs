using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Telemetry;
using WanTalk.Ports;
using WanTalk.Waiting;

namespace WanTalk.Telemetry.Tests;

/// <summary>Azure Monitor gets spans and logs by its connection string alone, at an ingestion endpoint of the test's own.</summary>
public sealed class AzureMonitorSpecs
{
    [Fact]
    public async Task Spans_and_logs_arrive_at_the_ingestion_endpoint_before_the_program_ends()
    {
        using var listener = LoopbackListener.Start();
        var received = new ConcurrentQueue<string>();
        var serving = ServeAsync(listener, received);
        var settings = new TelemetrySettings(
            new Dictionary<Signal, OtlpTarget>(), $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={listener.Prefixes.Single()}");
        using (var export = TelemetryExport.Start(settings, TelemetryService.Runner("this-runner")))
        using (var factory = LoggerFactory.Create(export.AddTo))
        using (var source = new ActivitySource(TelemetryNames.Runner))
        {
            using var span = source.StartActivity("run prompt", ActivityKind.Client)!;
            Assert.True(span.Recorded);
#pragma warning disable CA1848 // As the programs log.
            factory.CreateLogger("runner").LogInformation("The work is done");
#pragma warning restore CA1848
        }

        // The end waits five seconds for what it has sent, which a busy machine may need for longer to get.
        await ReceivedAsync("run prompt");
        await ReceivedAsync("The work is done");
        listener.Stop();
        // Metrics may be on their way then, and break off however they do.
        await Task.WhenAny(serving);

        Task ReceivedAsync(string text) => Wait.UntilAsync(
            () => Task.FromResult(received.Any(items => items.Contains(text, StringComparison.Ordinal))), TimeSpan.FromSeconds(60), text);
    }

    private static async Task ServeAsync(HttpListener listener, ConcurrentQueue<string> received)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                var body = context.Request.InputStream;
                await using var plain = context.Request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : body;
                using var reader = new StreamReader(plain);
                var text = await reader.ReadToEndAsync();
                received.Enqueue(text);
                var items = text.Count(letter => letter == '\n') + 1;
                await using var answer = new StreamWriter(context.Response.OutputStream);
                await answer.WriteAsync($$"""{"itemsReceived":{{items}},"itemsAccepted":{{items}},"errors":[]}""");
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
