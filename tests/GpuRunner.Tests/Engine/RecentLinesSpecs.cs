using WanTalk.GpuRunner.Engine.Supervision;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>Of all that an engine prints, the line that says why it died is told.</summary>
public sealed class RecentLinesSpecs
{
    [Theory]
    [InlineData("torch.OutOfMemoryError: CUDA out of memory.", "torch.OutOfMemoryError: CUDA out of memory.", "Prompt executed in 3 s", "")]
    [InlineData("OSError: [Errno 98] address already in use", "Traceback:", "  File x", "OSError: [Errno 98] address already in use", "bye")]
    [InlineData("Unhandled exception. System.IO.IOException: disk", "Unhandled exception. System.IO.IOException: disk", "   at Main()")]
    [InlineData("red words", "\x1b[31mred words\x1b[0m", "  ", "\t")]
    [InlineData("main.py: error: unrecognized arguments: --x", "usage: main.py", "main.py: error: unrecognized arguments: --x")]
    [InlineData(null, "", " ")]
    public void The_line_that_names_an_error_else_the_last_one(string? reason, params string[] lines) => Assert.Equal(reason, ReasonOf(lines));

    [Fact]
    public void A_long_reason_is_cut() => Assert.InRange(ReasonOf([new string('x', 5000)])!.Length, 100, 400);

    [Fact]
    public void What_an_earlier_life_printed_is_kept_but_is_no_reason()
    {
        var lines = new RecentLines();
        lines.Add("Error: the first life");
        lines.BeginLife();
        Assert.Null(lines.Reason);
        lines.Add("up");
        Assert.Equal("up", lines.Reason);
        Assert.Equal(["Error: the first life", "up"], lines.All);
    }

    private static string? ReasonOf(IEnumerable<string> lines)
    {
        var recent = new RecentLines();
        recent.BeginLife();
        foreach (var line in lines)
        {
            recent.Add(line);
        }

        return recent.Reason;
    }
}
