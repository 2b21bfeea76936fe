using System.Text.Json.Nodes;
using WanTalk.Understudy.Faults;

namespace WanTalk.Understudy.Execution;

/// <summary>What a running node may do to the outside.</summary>
internal interface INodeHost
{
    EngineFolders Folders { get; }

    /// <summary>Whether a socket is open that would be shown the node's previews; without one they need not be made.</summary>
    bool IsWatched { get; }

    /// <summary>
    /// Moves the node's bar, with a picture (JPEG) of what is in the making or without; the place where an interrupt is noticed.
    /// </summary>
    void Progress(string node, double value, double max, byte[]? preview = null);

    /// <summary>Shows a line of HTML on the node, to every client.</summary>
    void ShowText(string node, string html);

    /// <summary>The graph of the prompt, as it came.</summary>
    JsonObject Graph { get; }

    TimeProvider Time { get; }

    /// <summary>Sends a message of the node's own to the prompt's client.</summary>
    void Send(string type, JsonObject data);

    /// <summary>Throws if the prompt was interrupted.</summary>
    void ThrowIfInterrupted();

    /// <summary>Says that a window is about to be made; a fault that waits for it strikes here.</summary>
    /// <param name="window">The window.</param>
    /// <param name="folder">Where its files go; null when it has none of its own.</param>
    void BeginWindow(int window, string? folder);

    /// <summary>Says that a window's frames are made, and how long that took; a fault that makes windows slow strikes here.</summary>
    Task EndWindowAsync(int window, TimeSpan lasted);

    /// <summary>Whether a fault that was asked for spoils what the node makes; asking lets it strike.</summary>
    /// <param name="kind">The fault.</param>
    /// <param name="window">The window that is made, where it is about windows.</param>
    bool IsSpoilt(FaultKind kind, int? window = null);
}

/// <summary>A running node's surroundings.</summary>
internal sealed record NodeContext(string PromptId, string NodeId, INodeHost Host, CancellationToken Stop)
{
    public EngineFolders Folders => Host.Folders;

    /// <summary>Moves the node's bar, with a preview (JPEG) or without, and notices an interrupt.</summary>
    public void Progress(double value, double max, byte[]? preview = null) => Host.Progress(NodeId, value, max, preview);

    /// <summary>Shows a line of HTML on the node, to every client.</summary>
    public void ShowText(string html) => Host.ShowText(NodeId, html);

    /// <summary>Where files of a filename_prefix go, its placeholders filled in, below output/ or below temp/.</summary>
    public (string Folder, string Subfolder, string Stem) ForPrefix(string prefix, int width = 0, int height = 0, bool temporary = false) =>
        Folders.ForPrefix(SavePrefix.Fill(prefix, width, height, Host.Time.GetLocalNow()), temporary ? "temp" : "output");
}
