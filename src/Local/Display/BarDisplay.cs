using Spectre.Console;
using WanTalk.Core.Talks;

namespace WanTalk.Local.Display;

/// <summary>A bar on a terminal: windows done of planned, and what is left.</summary>
internal sealed class BarDisplay : TalkDisplay
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ProgressTask> _bar = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;

    /// <summary>Begins to draw.</summary>
    public BarDisplay(IAnsiConsole console) => _drawing = console.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(async context =>
        {
            _bar.SetResult(context.AddTask("queued", maxValue: 1));
            await _done.Task;
        });

    /// <inheritdoc/>
    public override void Show(TalkView view)
    {
        if (!_bar.Task.IsCompletedSuccessfully)
        {
            return;
        }

        var bar = _bar.Task.Result;
        bar.Description = Markup.Escape(Describe(view));
        bar.MaxValue = view.WindowsPlanned ?? 1;
        bar.Value = view.WindowsDone + (view is { Step: { } step, Steps: > 0 and { } steps } ? (double)step / steps : 0);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _done.TrySetResult();
        await _drawing;
        await base.DisposeAsync();
    }
}
