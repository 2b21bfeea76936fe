using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>With COMFYUI_PATH the runner starts the ComfyUI of that folder; here a script in place of Python is the understudy.</summary>
public sealed class ComfyUIFolderSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _comfy = new();

    public void Dispose()
    {
        _folder.Dispose();
        _comfy.Dispose();
    }

    [Fact]
    public async Task A_talk_runs_on_the_ComfyUI_of_the_folder_and_doctor_names_it()
    {
        await File.WriteAllTextAsync(_comfy.File("main.py"), "", TestContext.Current.CancellationToken);
        var python = await WritePythonAsync(
            "venv",
            $"""
            #!/bin/bash
            echo "$PWD: $*"
            [[ $1 == main.py && $4 == --port ]] || exit 2
            exec dotnet '{Repository.ProgramOf("Understudy")}' --port "$5" --dir files
            """);

        var doctor = await RunAsync("doctor");
        Assert.Contains(doctor.Output, line => line.StartsWith("ok", StringComparison.Ordinal)
            && line.Contains($"{_comfy.Path}, run by {python}", StringComparison.Ordinal));
        Assert.Contains(doctor.Output, line => line.StartsWith("missing node pack", StringComparison.Ordinal));

        var talk = await RunAsync(
            "talk", Repository.Portrait, Repository.Speech, "--width", "128", "--height", "128", "--seed", "1", "--out", "talk.mp4");
        Assert.True(talk.ExitCode == 0, talk.Said);
        Assert.True(File.Exists(_folder.File("talk.mp4")));
        var log = await File.ReadAllTextAsync(_folder.File("home/logs/comfyui.log"), TestContext.Current.CancellationToken);
        Assert.Contains($"{_comfy.Path}: main.py --listen 127.0.0.1 --port", log, StringComparison.Ordinal);
        Assert.Empty(Processes.Of(_comfy.Path));
    }

    [Fact]
    public async Task A_folder_that_is_no_ComfyUI_is_an_error_at_start()
    {
        foreach (var command in (string[][])[["talk", Repository.Portrait, Repository.Speech], ["serve", "--port", "0"]])
        {
            var result = await RunAsync(command);
            Assert.Equal(2, result.ExitCode);
            Assert.StartsWith("argument_invalid: COMFYUI_PATH", Assert.Single(result.Error), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_engine_that_cannot_start_ends_a_talk_with_its_last_words()
    {
        await File.WriteAllTextAsync(_comfy.File("main.py"), "raise SystemExit", TestContext.Current.CancellationToken);
        await WritePythonAsync(".venv", "#!/bin/bash\necho \"ModuleNotFoundError: No module named 'torch'\" >&2\nexit 1\n");

        var talk = await RunAsync("talk", Repository.Portrait, Repository.Speech, "--width", "128", "--height", "128");

        Assert.Equal(1, talk.ExitCode);
        Assert.Contains("No module named 'torch'", talk.Error[^1], StringComparison.Ordinal);
        Assert.Contains("logs/comfyui.log", talk.Error[^1], StringComparison.Ordinal);
    }

    /// <summary>Puts a script where the folder's own Python would be.</summary>
    private async Task<string> WritePythonAsync(string environment, string script)
    {
        var path = _comfy.File($"{environment}/bin/python");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, script, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    private async Task<CommandResult> RunAsync(params string[] arguments)
    {
        await using var command = WanTalkCommand.Start(_folder, ["env", $"COMFYUI_PATH={_comfy.Path}"], arguments);
        return await command.WaitAsync();
    }
}
