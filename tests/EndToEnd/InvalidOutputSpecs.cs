using System.Net.Http.Json;
using System.Text.Json;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>
/// An engine that makes what cannot be used ends the talk at once, with a code and with what to change: tries that cannot help are not paid
/// for, and nothing half-made is kept.
/// </summary>
public sealed class InvalidOutputSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Theory]
    [InlineData("nan_vocals", "audio_invalid", "Give a recording in which somebody speaks", "310", 1, "vocals.flac")]
    [InlineData("short_embedding", "conditioning_invalid", "another version is needed", "321", 1, "conditioning.json")]
    [InlineData("black_window", "frames_invalid", "Frame 0 of window 0 is black; try the precision bf16", "213", 2, "0000.json")]
    [InlineData("nan_window", "frames_invalid", "values that are no numbers; try the precision bf16", "213", 2, "0000.json")]
    public async Task A_talk_ends_with_a_code_and_with_what_to_change_and_keeps_nothing_of_it(
        string fault, string code, string because, string node, int prompts, string artifact)
    {
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 1 {_folder.File("speech.wav")}");
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        await ArmAsync(engine, new { kind = fault, count = 10 });

        var result = await WanTalkCommand.RunAsync(
            _folder, "talk", Repository.Portrait, _folder.File("speech.wav"), "--comfyui", engine.Address, "--width", "128", "--height", "128",
            "--out", "talk.mp4");

        Assert.Equal(1, result.ExitCode);
        var told = Assert.Single(result.Error, line => line.StartsWith($"{code}: ", StringComparison.Ordinal));
        Assert.Contains(because, told, StringComparison.Ordinal);
        Assert.Equal(prompts, await CountPromptsAsync(engine, node));
        Assert.False(File.Exists(_folder.File("talk.mp4")));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("home"), artifact, SearchOption.AllDirectories));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder.File("home"), "*", SearchOption.AllDirectories),
            path => path.Contains("/scratch/", StringComparison.Ordinal) || path.Contains(".tmp", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_elsewhere.File("output"), "*", SearchOption.AllDirectories),
            path => path.Contains("/wantalk/", StringComparison.Ordinal));
    }

    private static async Task<int> CountPromptsAsync(EngineProcess engine, string node)
    {
        using var history = JsonDocument.Parse(await engine.GetAsync("history"));
        return history.RootElement.EnumerateObject().Count(prompt => prompt.Value.GetProperty("prompt")[2].TryGetProperty(node, out _));
    }

    private static async Task ArmAsync(EngineProcess engine, object fault)
    {
        using var http = new HttpClient { BaseAddress = new Uri(engine.Address) };
        using var answer = await http.PostAsJsonAsync("understudy/faults", fault, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
