using Spectre.Console;
using WanTalk.Core.Talks;

namespace WanTalk.Local.Display;

/// <summary>Shows on standard error how far a talk is.</summary>
internal abstract class TalkDisplay : IAsyncDisposable
{
    /// <summary>A progress bar on a terminal, plain lines otherwise.</summary>
    public static TalkDisplay Create()
    {
        if (Console.IsErrorRedirected)
        {
            return new PlainDisplay(Console.Error);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities.Interactive ? new BarDisplay(console) : new PlainDisplay(Console.Error);
    }

    /// <summary>Shows a state; called several times a second.</summary>
    public abstract void Show(TalkView view);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What is being done, in words.</summary>
    protected static string Describe(TalkView view)
    {
        var windows = view.WindowsPlanned is { } planned ? $", {view.WindowsDone} of {planned} windows" : "";
        var left = view.SecondsLeft is > 0 and { } seconds ? $", {Math.Ceiling(seconds):0} s of sampling left" : "";
        return $"{view.Stage ?? "queued"}{windows}{left}";
    }
}
