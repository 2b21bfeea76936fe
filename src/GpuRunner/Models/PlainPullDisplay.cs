using System.Collections.Concurrent;
using System.Globalization;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Models;

/// <summary>A line for each file and each tenth of it, for logs and pipes.</summary>
internal sealed class PlainPullDisplay(TextWriter output) : IPullDisplay
{
    private readonly ConcurrentDictionary<string, long> _tenths = new(StringComparer.Ordinal);
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    /// <inheritdoc/>
    public void Waits() => _output.WriteLine("another pull into this folder goes on; waiting for it");

    /// <inheritdoc/>
    public void IsThere(ModelEntry model) => _output.WriteLine($"{model.Id}: is there");

    /// <inheritdoc/>
    public void Wants(ModelFinding finding) =>
        _output.WriteLine($"{finding.Model.Id}: {(finding.State == ModelState.Missing ? "is missing" : finding.Detail)}");

    /// <inheritdoc/>
    public void Came(ModelEntry model, long bytes)
    {
        if (model.KnownSize is not { } size || size == 0)
        {
            return;
        }

        var tenth = bytes * 10 / size;
        if (_tenths.TryGetValue(model.Id, out var shown) ? tenth > shown : tenth > 0)
        {
            _tenths[model.Id] = tenth;
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Id}: {ByteText.Of(bytes)} of {ByteText.Of(size)}"));
        }
    }

    /// <inheritdoc/>
    public void Done(ModelEntry model) => _output.WriteLine($"{model.Id}: done");

    /// <inheritdoc/>
    public void Failed(ModelEntry model, TalkError error) => _output.WriteLine(error.ToString());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
