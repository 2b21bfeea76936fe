using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Looks at stored audio conditioning: with rows too many or too few, windows would hear what belongs to other frames.</summary>
internal static class ConditioningCheck
{
    /// <summary>Refuses conditioning that does not hold exactly the rows that were asked for, from frame 0 on.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="path">The audio conditioning.</param>
    /// <param name="frames">How many rows were asked for, one for each sampled frame.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException"><see cref="ErrorCode.ConditioningInvalid"/>.</exception>
    public static async Task DemandRowsAsync(IArtifactStore store, ArtifactPath path, int frames, CancellationToken cancellationToken)
    {
        if (await FaultOfAsync(store, path, frames, cancellationToken) is { } fault)
        {
            throw new TalkException(
                ErrorCode.ConditioningInvalid,
                $"The audio conditioning that the engine made {fault}. Update WanTalk's node pack on the engine and restart it.");
        }
    }

    private static async Task<string?> FaultOfAsync(IArtifactStore store, ArtifactPath path, int frames, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await store.OpenRequiredAsync(path, cancellationToken);
            var header = await SafetensorsHeader.ReadAsync(content, cancellationToken);
            var rows = header[ConditioningSlice.TensorName].Shape is [var count, ..] ? count : 0;
            var (first, total) = (Number(header, "first_frame"), Number(header, "total_frames"));
            return rows == frames && first == 0 && total == frames
                ? null
                : $"has {rows} rows from frame {first} on, of {total}, where {frames} were asked for";
        }
        catch (SafetensorsException error)
        {
            return $"cannot be read ({error.Message.TrimEnd('.')})";
        }
    }

    private static long Number(SafetensorsHeader header, string name) =>
        header.Metadata?[name] is JsonValue value && value.TryGetValue(out long number) ? number : -1;
}
