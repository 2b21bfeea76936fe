namespace WanTalk.ComfyUI;

/// <summary>What is wrong with a graph on a server.</summary>
public enum GraphProblemKind
{
    /// <summary>The graph is none: a node without a class or inputs, or a link to nowhere.</summary>
    Malformed,

    /// <summary>The server does not have a node class.</summary>
    MissingClass,

    /// <summary>The server does not list a model file.</summary>
    MissingModel,

    /// <summary>A required input is not given.</summary>
    MissingInput,

    /// <summary>A link's two ends are of different types.</summary>
    WrongType,

    /// <summary>A value is outside of its range or not one of its choices.</summary>
    WrongValue,

    /// <summary>Nothing in the graph is an output.</summary>
    NoOutput,
}

/// <summary>Something wrong with a graph on a server.</summary>
/// <param name="Kind">What.</param>
/// <param name="NodeId">The node; empty for the graph as a whole.</param>
/// <param name="NodeClass">Its class.</param>
/// <param name="Input">Its input, where it is one.</param>
/// <param name="Message">One sentence that names node, input and value.</param>
public sealed record GraphProblem(GraphProblemKind Kind, string NodeId, string NodeClass, string? Input, string Message);
