using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Speech;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>The audio rows of a talk, or of a piece of it, in an uploaded file.</summary>
internal sealed record LoadedEmbeds(string Path, SafetensorsHeader Header, string Conditioning, long FirstFrame, long TotalFrames)
    : IAudioRows
{
    public long Frames => Header[ConditioningSlice.TensorName].Shape[0];

    /// <summary>Reads the rows of some frames, counted over the whole talk.</summary>
    public float[] ReadRows(long first, int frames)
    {
        var tensor = Header[ConditioningSlice.TensorName];
        using var file = File.OpenRead(Path);
        file.Position = Header.DataStart + tensor.Start + ((first - FirstFrame) * tensor.RowBytes);
        var rows = new float[frames * SpeechFeatures.Dimensions];
        file.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
        return rows;
    }

    /// <summary>Whether all rows are numbers.</summary>
    public bool AreNumbers()
    {
        const int Part = 1024;
        for (long done = 0; done < Frames; done += Part)
        {
            if (!FiniteValues.AreAll(ReadRows(FirstFrame + done, (int)Math.Min(Part, Frames - done))))
                return false;
        }
        return true;
    }
}

/// <summary>The understudy's conditioning files: their kinds and how they are read.</summary>
internal static class ConditioningFiles
{
    public const string SharedKind = "shared_conditioning";
    public const string AudioKind = "audio_conditioning";

    public static JsonObject AudioMetadata(string conditioning, EmbedsValue audio) => new()
    {
        ["kind"] = AudioKind,
        ["engine"] = "understudy",
        ["version"] = 1,
        ["conditioning"] = conditioning,
        ["first_frame"] = 0,
        ["total_frames"] = audio.Frames,
        ["audio_scale"] = audio.AudioScale,
        ["audio_cfg_scale"] = audio.AudioCfgScale,
    };

    /// <summary>Opens a file of the input folder, checks its digest and its kind.</summary>
    public static async Task<(string Path, SafetensorsHeader Header, JsonObject Metadata)> OpenAsync(
        string name, string sha256, string kind, EngineFolders folders, CancellationToken cancellationToken)
    {
        if (folders.FileNamed(name) is not { } path || !File.Exists(path))
            throw PackRefusal.File($"There is no file {name} in the folder that it names.");
        if (sha256.Length > 0 && await StoredFile.DigestAsync(path) is var digest && !digest.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            throw PackRefusal.File($"{name} has the SHA-256 {digest} and not {sha256}: it is not the file that was meant.");
        try
        {
            await using var file = File.OpenRead(path);
            var header = await SafetensorsHeader.ReadAsync(file, cancellationToken);
            if (header.Metadata is not { } metadata || (string?)metadata["kind"] != kind || (string?)metadata["engine"] != "understudy")
                throw PackRefusal.File($"{name} is no {kind} file of the understudy's.");
            return (path, header, metadata);
        }
        catch (SafetensorsException error)
        {
            throw PackRefusal.File($"{name}: {error.Message}", error);
        }
    }
}
