using System.Text.Json;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>The engine may be on another machine: everything goes over HTTP and the socket, and nothing is left there.</summary>
public sealed class EngineElsewhereSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_talk_runs_on_an_engine_given_by_its_address_and_comes_to_the_same_bytes()
    {
        await using var engine = await StartEngineAsync();
        var there = await TalkAsync("there.mp4", "--comfyui", engine.Address);
        Assert.Empty(Directory.EnumerateFiles(_elsewhere.Path, "*", SearchOption.AllDirectories));
        Assert.False(engine.HasExited, "An engine given by its address is never stopped.");
        Assert.Equal(await TalkAsync("here.mp4"), there);
    }

    [Fact]
    public async Task The_prompt_of_a_killed_runner_is_taken_back_before_the_next_one_works()
    {
        await using var engine = await StartEngineAsync("--faults");
        // The prompt does not end by itself.
        await engine.ArmAsync(new { kind = "slow_window", window = 0, seconds = 600 });
        await using var talk = WanTalkCommand.Start(
            _folder, "talk", Repository.Portrait, Repository.Speech, "--comfyui", engine.Address, "--width", "128", "--height", "128", "--out", "talk.mp4");
        await engine.WaitForSamplingAsync();
        Assert.True(Processes.Kill(talk.Home, "GpuRunner"));
        await engine.WaitForInterruptAsync();
        await engine.ClearAsync();
        var result = await talk.WaitAsync();
        Assert.True(result.ExitCode == 0, result.Said);
        using var queue = JsonDocument.Parse(await engine.GetAsync("queue"));
        Assert.All(queue.RootElement.EnumerateObject(), list => Assert.Equal(0, list.Value.GetArrayLength()));
    }

    [Fact]
    public async Task A_portrait_without_a_face_is_refused_once_the_engine_turns_out_to_be_a_preview()
    {
        await using var engine = await StartEngineAsync();
        await MediaFile.MakeAsync($"-f lavfi -i mandelbrot=size=320x320 -frames:v 1 {_folder.File("fractal.png")}");
        var result = await WanTalkCommand.RunAsync(
            _folder, "talk", _folder.File("fractal.png"), Repository.Speech, "--comfyui", engine.Address, "--width", "128", "--height", "128");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("portrait_no_face: ", result.Error[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_named()
    {
        var result = await WanTalkCommand.RunAsync(
            _folder, "talk", Repository.Portrait, Repository.Speech, "--comfyui", "http://127.0.0.1:9", "--width", "128", "--height", "128");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("127.0.0.1:9", result.Error[^1]);
    }

    private Task<EngineProcess> StartEngineAsync(params string[] more) => EngineProcess.StartAsync(_elsewhere, more);

    private async Task<byte[]> TalkAsync(string name, params string[] more)
    {
        var result = await WanTalkCommand.RunAsync(
            _folder, ["talk", Repository.Portrait, Repository.Speech, "--width", "128", "--height", "128", "--seed", "1", "--out", name, .. more]);
        Assert.True(result.ExitCode == 0, result.Said);
        return await File.ReadAllBytesAsync(_folder.File(name), TestContext.Current.CancellationToken);
    }
}
