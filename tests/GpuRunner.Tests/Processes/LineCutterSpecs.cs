using WanTalk.GpuRunner.Processes;

namespace WanTalk.GpuRunner.Tests.Processes;

/// <summary>A child's output becomes the lines that a terminal would show in the end.</summary>
public sealed class LineCutterSpecs
{
    [Theory]
    [InlineData("a\nb\n", "a", "b")]
    [InlineData("a\r\n\r\nb", "a", "", "b")]
    [InlineData("a\r\r\n", "a")]
    [InlineData("10%\r20%\r100%\nnext\n", "100%", "next")]
    [InlineData("10%\r20%", "20%")]
    [InlineData("", new string[0])]
    public void Lines_end_at_line_feeds_and_a_carriage_return_draws_over(string text, params string[] lines)
    {
        Assert.Equal(lines, Cut([text]));
        Assert.Equal(lines, Cut(text.Select(character => character.ToString())));
    }

    [Fact]
    public void A_line_that_is_too_long_loses_its_end()
    {
        var lines = Cut([new string('x', LineCutter.MaxLength + 5), "yyy\nnext"]);
        Assert.Equal([new string('x', LineCutter.MaxLength) + "…", "next"], lines);
    }

    private static List<string> Cut(IEnumerable<string> pieces)
    {
        var lines = new List<string>();
        var cutter = new LineCutter(lines.Add);
        foreach (var piece in pieces)
        {
            cutter.Add(piece);
        }

        cutter.End();
        return lines;
    }
}
