namespace WanTalk.Understudy.Nodes.Video;

/// <summary>A format of VHS_VideoCombine; one that the understudy writes has the arguments with which ffmpeg writes it.</summary>
internal sealed record VideoFormat(string Name, params IReadOnlyList<VideoWidget> Widgets)
{
    /// <summary>The end of the files' names; null if the understudy does not write the format.</summary>
    public string? Extension { get; init; }

    /// <summary>ffmpeg's name of the container.</summary>
    public string Muxer { get; init; } = "";

    /// <summary>How the picture is encoded; "{name}" stands for a widget's value.</summary>
    public IReadOnlyList<string> Encoder { get; init; } = [];

    /// <summary>How the sound is encoded.</summary>
    public IReadOnlyList<string> AudioEncoder { get; init; } = [];

    /// <summary>Whether frames are brought to BT.709 in limited range.</summary>
    public bool IsBt709 { get; init; } = true;

    /// <summary>The encoder's arguments with the widgets' values.</summary>
    public IEnumerable<string> EncoderFor(NodeInputs inputs)
    {
        foreach (var argument in Encoder)
        {
            var widget = Widgets.FirstOrDefault(widget => argument == $"{{{widget.Name}}}");
            yield return widget?.ValueIn(inputs) ?? argument;
        }
    }

    /// <summary>Whether a widget says yes; a format without it says no.</summary>
    public bool IsOn(string widget, NodeInputs inputs) =>
        Widgets.FirstOrDefault(one => one.Name == widget) is { } found && found.ValueIn(inputs) != "False";
}
