using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Audio;
using WanTalk.Understudy.Tests.Harness;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Tests.Nodes;

/// <summary>LoadAudio, AudioCrop and AudioSeparation against what the real ones were seen to do.</summary>
public sealed class AudioSpecs : IDisposable
{
    /// <summary>Recorded rows that cannot be equal, by their note, and why.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["real node, model cannot be downloaded here"] = "The understudy separates without a model.",
    };

    /// <summary>How the recorded files were made: ffmpeg's source, and the encoder.</summary>
    private static readonly Dictionary<string, string> Files = new()
    {
        ["a3.wav"] = "sine=f=200:d=3:r=16000",
        ["a25.wav"] = "sine=f=200:d=25:r=16000",
        ["a90.wav"] = "sine=f=200:d=90:r=8000",
        ["st.wav"] = "sine=f=200:d=2:r=48000,aformat=channel_layouts=stereo",
        ["short.wav"] = "sine=f=200:d=0.05:r=16000",
        ["sil.wav"] = "anullsrc=r=16000:cl=mono:d=2",
        ["u8.wav"] = "sine=f=200:d=1:r=8000|pcm_u8",
        ["s24.wav"] = "sine=f=200:d=1:r=8000|pcm_s24le",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, AudioValue> _loaded = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var (_, audio) in _loaded)
            audio.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_recorded_recording_comes_out_with_the_recorded_shape_or_fails_in_the_recorded_words()
    {
        foreach (var (name, source) in Files)
            await MakeAsync(name, source);
        var path = Path.Combine(AppContext.BaseDirectory, "recordings", "audio_cases.json");
        var rows = JsonNode.Parse(await File.ReadAllTextAsync(path, Stop))!.AsArray();
        var differences = new List<string>();
        foreach (var row in rows.Where(row => !Different.ContainsKey((string?)row!["note"] ?? "")))
        {
            var (outcome, recorded) = (await OutcomeAsync(row!), Recorded(row!["result"]!));
            if (outcome != recorded)
                differences.Add($"{row.ToJsonString()}: {outcome}");
        }
        Assert.Equal(27, rows.Count);
        Assert.Empty(differences);
    }

    [Fact]
    public async Task All_of_the_sound_counts_as_vocals()
    {
        await MakeAsync("a3.wav", Files["a3.wav"]);
        using var audio = await AudioFiles.DecodeAsync(_folder.Path + "/a3.wav", _folder.Path, Stop);
        var stems = await SeparationNode.SeparateAsync(audio, _folder.Path, Stop);

        Assert.Equal([false, false, false, true], stems.Select(stem => Samples(stem).Any(sample => Math.Abs(sample) > 0.05)));
        Array.ForEach(stems, stem => stem.Dispose());
    }

    private async Task<string> OutcomeAsync(JsonNode row)
    {
        try
        {
            var audio = await LoadAsync((string)row["file"]!);
            switch ((string)row["node"]!)
            {
                case "AudioCrop":
                    using (var cropped = AudioCropNode.Crop(audio, (string)row["start_time"]!, (string)row["end_time"]!, _folder.Path))
                        return Shape(cropped);
                case "AudioSeparation":
                    var stems = await SeparationNode.SeparateAsync(audio, _folder.Path, Stop);
                    var edge = string.Concat(stems.Select(stem => Samples(stem).All(float.IsNaN) ? "n" : ""))
                        + (Samples(stems[3]).All(sample => sample == 0) ? "0" : "");
                    var shapes = string.Join(' ', stems.Select(Shape));
                    Array.ForEach(stems, stem => stem.Dispose());
                    return shapes + edge;
                default:
                    return Shape(audio);
            }
        }
        catch (NodeException error)
        {
            return $"{error.Type}: {error.Told}";
        }
    }

    private async Task<AudioValue> LoadAsync(string name)
    {
        if (_loaded.TryGetValue(name, out var known))
            return known;
        var path = Path.Combine(_folder.Path, name);
        await AudioFiles.DemandAudioAsync(path, Stop);
        return _loaded[name] = await AudioFiles.DecodeAsync(path, _folder.Path, Stop);
    }

    private static string Recorded(JsonNode result) => result switch
    {
        _ when result["error"] is { } error => $"{error}: {result["message"]}",
        _ when result["outputs"] is JsonArray outputs =>
            string.Join(' ', outputs.Select(output => $"{output![1]!.ToJsonString()}@{output[2]}"))
            + string.Concat(outputs.Select(output => output![0]!.ToString() == "NaN" ? "n" : ""))
            + (outputs[3]![0]!.ToString() is "0" or "0.0" ? "0" : ""),
        _ => $"{result["shape"]![0]!.ToJsonString()}@{result["sample_rate"]![0]}",
    };

    private static string Shape(AudioValue audio) => $"[1,{audio.Channels},{audio.Length}]@{audio.Rate}";

    private static float[] Samples(AudioValue audio)
    {
        var samples = new float[audio.Length * audio.Channels];
        audio.Samples.Read(0, MemoryMarshal.AsBytes(samples.AsSpan()));
        return samples;
    }

    private async Task MakeAsync(string name, string source)
    {
        var parts = source.Split('|');
        var codec = parts.ElementAtOrDefault(1) ?? "pcm_s16le";
        string[] arguments = ["-v", "error", "-f", "lavfi", "-i", parts[0], "-c:a", codec, Path.Combine(_folder.Path, name)];
        using var process = Process.Start("ffmpeg", arguments);
        await process.WaitForExitAsync(Stop);
        Assert.Equal(0, process.ExitCode);
    }
}
