using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// The refusals of our node pack that have a code, with the exception types as which ComfyUI reports them: <c>wantalk.</c> and the code.
/// Its other refusals are plain ValueErrors. Which is which is held to the pack by tests/NodePack/refusals.json.
/// </summary>
internal static class PackRefusal
{
    /// <summary>Audio without samples; audio or an embedding with values that are no numbers.</summary>
    public static NodeException Audio(string message) => new("wantalk.audio_invalid", message);

    /// <summary>Conditioning that is not what windows need: a wrong length, rows that the file does not hold.</summary>
    public static NodeException Conditioning(string message) => new("wantalk.conditioning_invalid", message);

    /// <summary>Black frames, or frames that are no numbers.</summary>
    public static NodeException Frames(string message) => new("wantalk.frames_invalid", message);

    /// <summary>A file that is foreign, damaged, cut, or of other work.</summary>
    public static NodeException File(string message, Exception? inner = null) => new("wantalk.file_refused", message, inner);

    /// <summary>What the pack does not tell apart by a code.</summary>
    public static NodeException Other(string message) => new("ValueError", message);
}
