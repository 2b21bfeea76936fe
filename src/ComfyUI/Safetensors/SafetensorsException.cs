namespace WanTalk.ComfyUI.Safetensors;

/// <summary>A file that is not a whole and valid safetensors file of ours; the message says why, on one line.</summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SafetensorsException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
