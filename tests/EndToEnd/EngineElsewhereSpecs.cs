using System.Diagnostics;
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
        using var engine = Process.Start(new ProcessStartInfo("dotnet", [Repository.ProgramOf("Understudy"), "--port", "0", "--dir", _elsewhere.Path])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            var line = await engine.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var address = line!.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal));
            var there = await TalkAsync("there.mp4", "--comfyui", address);
            Assert.Empty(Directory.EnumerateFiles(_elsewhere.Path, "*wantalk*", SearchOption.AllDirectories));
            Assert.Empty(Directory.EnumerateFiles(_elsewhere.Path, "*.safetensors", SearchOption.AllDirectories));
            Assert.False(engine.HasExited, "An engine given by its address is never stopped.");
            Assert.Equal(await TalkAsync("here.mp4"), there);
        }
        finally
        {
            engine.Kill();
            await engine.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_named()
    {
        var result = await WanTalkCommand.RunAsync(
            _folder, "talk", Repository.Portrait, Repository.Speech, "--comfyui", "http://127.0.0.1:9", "--width", "128", "--height", "128");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("127.0.0.1:9", result.Error[^1]);
    }

    private async Task<byte[]> TalkAsync(string name, params string[] more)
    {
        var result = await WanTalkCommand.RunAsync(
            _folder, ["talk", Repository.Portrait, Repository.Speech, "--width", "128", "--height", "128", "--seed", "1", "--out", name, .. more]);
        Assert.True(result.ExitCode == 0, result.Said);
        return await File.ReadAllBytesAsync(_folder.File(name), TestContext.Current.CancellationToken);
    }
}
