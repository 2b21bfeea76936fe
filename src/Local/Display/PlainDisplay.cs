using System.Globalization;
using WanTalk.Core.Talks;

namespace WanTalk.Local.Display;

/// <summary>A line for each stage and each window, for logs and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output) : TalkDisplay
{
    private (string? Stage, int Windows) _shown = ("", -1);

    /// <inheritdoc/>
    public override void Show(TalkView view)
    {
        var now = (view.Stage, view.WindowsDone);
        if (now != _shown && view.Stage is not null)
        {
            _shown = now;
            output.WriteLine($"{view.Percent.ToString("0.0", CultureInfo.InvariantCulture)} %: {Describe(view)}");
        }
    }
}
