using System.Security.Cryptography;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Windows;
using WanTalk.GpuRunner.Stages;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>The audio conditioning that a piece needs: its own frames and two on each side, as a file of its own that knows only its take.</summary>
internal static class PieceAudio
{
    /// <summary>Frames on each side that a frame's conditioning looks at.</summary>
    private const int Neighbours = 2;

    /// <summary>Writes the slice for the windows of a piece into a file.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="inputs">The piece.</param>
    /// <param name="first">The first window that will be sampled.</param>
    /// <param name="file">The file to write.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The SHA-256 of the file, in lower-case hexadecimal.</returns>
    /// <exception cref="TalkException"><see cref="ErrorCode.ArtifactDamaged"/>: the conditioning is not what was stored.</exception>
    public static async Task<string> WriteAsync(
        IArtifactStore store, PieceInputs inputs, int first, string file, CancellationToken cancellationToken)
    {
        var whole = new CheckedRange(store, inputs.Conditioning.Audio, inputs.Conditioning.AudioBlocks, "audio conditioning");
        var take = inputs.Take;
        var begin = Math.Max(0, inputs.Windows.FirstFrame(first) - Neighbours);
        var end = Math.Min(take.SampledFrames, inputs.Windows.FirstFrame(inputs.End - 1) + WindowArithmetic.WindowFrames + Neighbours);
        var header = await ReadHeaderAsync(whole, inputs.Conditioning.Audio.Bytes, cancellationToken);
        var slice = ConditioningSlice.Cut(header, (take.FirstFrame, take.SampledFrames), begin, end - begin);
        await using (var target = File.Create(file))
        {
            await target.WriteAsync(slice.Header, cancellationToken);
            await whole.CopyAsync(slice.Offset, slice.Length, target, cancellationToken);
        }

        await using var written = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellationToken));
    }

    private static async Task<SafetensorsHeader> ReadHeaderAsync(CheckedRange whole, long bytes, CancellationToken cancellationToken)
    {
        using var head = new MemoryStream();
        await whole.CopyAsync(0, Math.Min(bytes, sizeof(ulong) + SafetensorsHeader.MaxHeaderBytes), head, cancellationToken);
        head.Position = 0;
        // The head ends where the header may end, not the file; a stream that cannot tell its length is not held to it.
        await using var unseekable = new HashingStream(head);
        return await SafetensorsHeader.ReadAsync(unseekable, cancellationToken);
    }
}
