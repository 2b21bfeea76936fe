using WanTalk.Core.Errors;

namespace WanTalk.Telemetry.Tests;

/// <summary>Which variables send what, and what is said of wrong ones.</summary>
public sealed class TelemetrySettingsSpecs
{
    private const string Connection = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://example.org/";

    [Fact]
    public void Without_a_variable_nothing_is_sent() => Assert.False(Read().IsOn);

    [Fact]
    public void One_endpoint_takes_all_signals() => Assert.Equal(
        [Signal.Traces, Signal.Metrics, Signal.Logs], Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317")).Otlp.Keys.Order());

    [Fact]
    public void An_endpoint_of_one_signal_takes_that_one_only_and_as_it_is()
    {
        var settings = Read(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector.example/in/traces"));

        Assert.Equal(new Uri("https://collector.example/in/traces"), Assert.Single(settings.Otlp).Value.Endpoint);
        Assert.True(settings.Sends(Signal.Traces));
        Assert.False(settings.Sends(Signal.Logs));
    }

    [Theory]
    [InlineData("OTEL_METRICS_EXPORTER", "none", Signal.Metrics)]
    [InlineData("OTEL_LOGS_EXPORTER", "none", Signal.Logs)]
    public void A_signal_can_be_left_out(string name, string value, Signal signal)
    {
        var settings = Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"), (name, value));

        Assert.Equal(2, settings.Otlp.Count);
        Assert.False(settings.Sends(signal));
    }

    [Fact]
    public void Everything_can_be_switched_off() => Assert.False(Read(
        ("OTEL_SDK_DISABLED", "TRUE"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"), ("APPLICATIONINSIGHTS_CONNECTION_STRING", Connection)).IsOn);

    [Fact]
    public void A_connection_string_takes_all_signals_to_Azure_Monitor_and_is_never_shown()
    {
        var settings = Read(("APPLICATIONINSIGHTS_CONNECTION_STRING", Connection));

        Assert.All(Enum.GetValues<Signal>(), signal => Assert.True(settings.Sends(signal)));
        Assert.DoesNotContain("00000001", settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317/s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "ftp://s3cret@localhost")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json-s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "s3cret")]
    [InlineData("OTEL_TRACES_EXPORTER", "s3cret")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "s3cret")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=s3cret")]
    public void A_wrong_variable_is_named_and_its_value_is_not_told(string name, string value)
    {
        var wrong = Assert.Throws<TalkException>(() => Read((name, value)));

        Assert.Equal(ErrorCode.ArgumentInvalid, wrong.Error.Code);
        Assert.StartsWith(name, wrong.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", wrong.Error.Message, StringComparison.Ordinal);
    }

    private static TelemetrySettings Read(params IEnumerable<(string Name, string Value)> variables) =>
        TelemetrySettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
