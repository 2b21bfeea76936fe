using System.Diagnostics;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests;

public sealed class ProcessSpecs
{
    [Fact]
    public async Task It_ends_when_its_standard_input_closes()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        Assert.Equal(0, await engine.CloseInputAsync());
    }

    [Fact]
    public async Task It_ends_in_the_middle_of_a_prompt_too()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient(UnderstudyProcess.Patient with { UnreachableTimeout = TimeSpan.Zero });
        var started = new TaskCompletionSource();
        var run = client.RunPromptAsync(
            Probe.Sleep(1000, 0.05, 1),
            new ComfyUI.PromptOptions { OnMessage = _ => started.TrySetResult() },
            TestContext.Current.CancellationToken);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await engine.CloseInputAsync());
        Assert.NotNull((await run).Failure);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        var (code, said) = await RunAsync("--port", $"{engine.Address.Port}", "--dir", engine.Folder);

        Assert.Equal(1, code);
        Assert.Contains("cannot start", said, StringComparison.Ordinal);
        Assert.Single(said.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("--port", "99999")]
    [InlineData("--port", "-1")]
    [InlineData("--nonsense")]
    [InlineData("--dir")]
    public async Task A_wrong_command_line_is_told_with_the_usage(params string[] arguments)
    {
        var (code, said) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.StartsWith("usage:", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(UnderstudyProcess.Executable, arguments) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said);
    }
}
