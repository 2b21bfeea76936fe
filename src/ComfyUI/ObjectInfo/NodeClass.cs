namespace WanTalk.ComfyUI;

/// <summary>A node class as the server's object_info describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">Its inputs, required ones first.</param>
/// <param name="Outputs">The types of its output slots.</param>
/// <param name="IsOutput">Whether a prompt may end in it.</param>
/// <param name="Module">The Python module that it comes from: "nodes" for instance, or "custom_nodes.ComfyUI-KJNodes".</param>
public sealed record NodeClass(string Name, IReadOnlyList<NodeInput> Inputs, IReadOnlyList<string> Outputs, bool IsOutput, string Module);

/// <summary>An input of a node class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its value, "COMBO" for a choice.</param>
/// <param name="Required">Whether a graph must give it.</param>
public sealed record NodeInput(string Name, string Type, bool Required)
{
    /// <summary>The values of a choice; null if it is none.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The least number.</summary>
    public double? Min { get; init; }

    /// <summary>The largest number.</summary>
    public double? Max { get; init; }

    /// <summary>
    /// Whether it names a file of the input folder: the server then looks for the file itself, and the list is only what a page offers.
    /// </summary>
    public bool IsUpload { get; init; }
}
