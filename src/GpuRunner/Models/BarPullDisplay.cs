using System.Collections.Concurrent;
using Spectre.Console;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Models;

/// <summary>A bar for each file on a terminal, with speed and the time that is left.</summary>
internal sealed class BarPullDisplay : IPullDisplay
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ProgressContext> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);
    private readonly Task _drawing;

    /// <summary>Begins to draw.</summary>
    public BarPullDisplay(IAnsiConsole console) => _drawing = console.Progress()
        .Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(),
            new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            _begun.SetResult(context);
            await _over.Task;
        });

    /// <inheritdoc/>
    public void Waits() => Bar("waits for another pull").IsIndeterminate = true;

    /// <inheritdoc/>
    public void IsThere(ModelEntry model)
    {
        var bar = Bar(model.Id);
        bar.MaxValue = bar.Value = model.KnownSize ?? 1;
    }

    /// <inheritdoc/>
    public void Wants(ModelFinding finding) => Bar(finding.Model.Id).MaxValue = finding.Model.KnownSize ?? 1;

    /// <inheritdoc/>
    public void Came(ModelEntry model, long bytes)
    {
        var bar = Bar(model.Id);
        bar.MaxValue = Math.Max(bytes, model.KnownSize ?? 1);
        bar.Value = bytes;
    }

    /// <inheritdoc/>
    public void Done(ModelEntry model) => Bar(model.Id).StopTask();

    /// <inheritdoc/>
    public void Failed(ModelEntry model, TalkError error) =>
        Bar(model.Id).Description = Markup.Escape($"{model.Id}: {ErrorCatalog.Name(error.Code)}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _drawing;
    }

    private ProgressTask Bar(string name) => _bars.GetOrAdd(name, _ => _begun.Task.GetAwaiter().GetResult().AddTask(Markup.Escape(name)));
}
