using System.Net;
using System.Text;
using WanTalk.Ports;

namespace WanTalk.EndToEnd.Support.Telemetry;

/// <summary>A receiver of OTLP over HTTP on a free loopback port, which keeps what it gets.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<SpanRecord> _spans = [];
    private readonly List<MetricRecord> _metrics = [];
    private readonly List<LogRecord> _logs = [];
    private readonly StringBuilder _text = new();
    private readonly Task _serving;

    public OtlpReceiver()
    {
        Address = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public IReadOnlyList<SpanRecord> Spans => Copy(_spans);

    public IReadOnlyList<MetricRecord> Metrics => Copy(_metrics);

    public IReadOnlyList<LogRecord> Logs => Copy(_logs);

    /// <summary>All that came, as text: what must not leave is looked for in it.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>What a program's environment needs to send here.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>Waits until enough has come.</summary>
    public async Task UntilAsync(Func<OtlpReceiver, bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!condition(this))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private List<T> Copy<T>(List<T> all)
    {
        lock (_gate)
        {
            return [.. all];
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Keep(context.Request.Url!.AbsolutePath, body.ToArray());
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Keep(string path, byte[] body)
    {
        var request = new ProtobufMessage(body);
        lock (_gate)
        {
            _text.Append(Encoding.Latin1.GetString(body));
            switch (path)
            {
                case "/v1/traces":
                    _spans.AddRange(OtlpRecords.Spans(request));
                    break;
                case "/v1/metrics":
                    _metrics.AddRange(OtlpRecords.Metrics(request));
                    break;
                case "/v1/logs":
                    _logs.AddRange(OtlpRecords.Logs(request));
                    break;
            }
        }
    }
}
