namespace WanTalk.Understudy.Execution;

/// <summary>A node fails; becomes an execution_error with the type as Python would name it.</summary>
internal sealed class NodeException(string type, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The type of running out of GPU memory.</summary>
    public const string OutOfMemory = "torch.OutOfMemoryError";

    public string Type { get; } = type;

    /// <summary>The message as the server words it: running out of memory comes with advice.</summary>
    public string Told => Type == OutOfMemory
        ? Message + "\nThis error means you ran out of memory on your GPU.\n\n"
            + "TIPS: If the workflow worked before you might have accidentally set the batch_size to a large number."
        : Message + "\n";
}

/// <summary>The prompt was interrupted.</summary>
internal sealed class PromptInterruptedException : Exception;
