using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Safetensors;

/// <summary>
/// A piece's part of a talk's audio conditioning: some rows of the tensor "audio" [frames, …], cut out of the whole file as one range of
/// bytes. The slice is a file of its own: <see cref="Header"/>, then the bytes from <see cref="Offset"/> of the whole file.
/// <code>
/// whole talk   |0 ──────────────────────────────────────────── L|
/// take                     |0 ──────────────── T|                 frames are counted anew
/// slice                          |first … end|
/// </code>
/// </summary>
/// <param name="Header">The header of the slice's file; its metadata tells the first frame and the total, both counted in the take.</param>
/// <param name="Offset">The first byte of the range in the whole file.</param>
/// <param name="Length">The length of the range.</param>
public sealed record ConditioningSlice(byte[] Header, long Offset, long Length)
{
    /// <summary>The tensor that is cut.</summary>
    public const string TensorName = "audio";

    /// <summary>Cuts rows out of a whole file of audio conditioning.</summary>
    /// <param name="whole">The header of the whole file.</param>
    /// <param name="take">The first frame of the take in the talk, and how many frames it samples.</param>
    /// <param name="firstFrame">The first frame wanted, counted in the take.</param>
    /// <param name="frames">How many frames are wanted, at least 1.</param>
    /// <exception cref="SafetensorsException">The file is no audio conditioning, or does not hold those frames.</exception>
    public static ConditioningSlice Cut(SafetensorsHeader whole, (long FirstFrame, long Frames) take, long firstFrame, long frames)
    {
        ArgumentNullException.ThrowIfNull(whole);
        var tensor = whole[TensorName];
        if (whole.Metadata?["first_frame"] is not JsonValue first || !first.TryGetValue(out long held) || tensor.Shape.Count < 1)
            throw new SafetensorsException("This is no audio conditioning: it does not tell its first frame.");
        var row = take.FirstFrame + firstFrame - held;
        if (frames < 1 || row < 0 || row + frames > tensor.Shape[0] || firstFrame + frames > take.Frames)
        {
            throw new SafetensorsException(
                $"Frames {held + row}..{held + row + frames - 1} of the talk are wanted for a take of {take.Frames}, "
                + $"but the audio conditioning holds {held}..{held + tensor.Shape[0] - 1}.");
        }
        var metadata = (JsonObject)whole.Metadata.DeepClone();
        metadata["first_frame"] = firstFrame;
        metadata["total_frames"] = take.Frames;
        var header = SafetensorsHeader.Create(metadata, [(TensorName, tensor.DType, [frames, .. tensor.Shape.Skip(1)])]);
        return new ConditioningSlice(header.ToBytes(), whole.DataStart + tensor.Start + (row * tensor.RowBytes), frames * tensor.RowBytes);
    }
}
