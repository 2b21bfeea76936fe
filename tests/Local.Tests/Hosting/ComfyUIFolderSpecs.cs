using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Processes;
using WanTalk.Local.Hosting;

namespace WanTalk.Local.Tests.Hosting;

/// <summary>COMFYUI_PATH, COMFYUI_PYTHON and COMFYUI_ARGS say which ComfyUI the runner starts, and how.</summary>
public sealed class ComfyUIFolderSpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-comfy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Without_a_path_there_is_none()
    {
        Assert.Null(ComfyUIFolder.Find(_ => null));
        Assert.Null(ComfyUIFolder.Find(_ => ""));
    }

    [Fact]
    public void A_folder_without_main_py_is_no_ComfyUI()
    {
        var failure = Assert.Throws<TalkException>(() => Find());
        Assert.Equal(ErrorCode.ArgumentInvalid, failure.Error.Code);
        Assert.Contains(_folder.FullName, failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_started_on_a_port_that_the_runner_chooses()
    {
        Write("main.py");
        var found = Find(arguments: "--lowvram --preview-method 'latent 2rgb'")!;
        Assert.Equal(
            [
                "--engine-folder", _folder.FullName, "--engine-start-seconds", "600", "--engine-command",
                "python3", "main.py", "--listen", "127.0.0.1", "--port", "{port}", "--disable-auto-launch", "--cache-lru", "64", "--lowvram", "--preview-method", "latent 2rgb",
            ],
            found.RunnerArguments);
        Assert.False(found.HasNodePack);
        Write("custom_nodes/wantalk/__init__.py");
        Assert.True(found.HasNodePack);
    }

    [Fact]
    public void Its_own_python_is_taken_and_a_given_one_before_that()
    {
        Write("main.py");
        Write(".venv/bin/python");
        Assert.Equal(Path.Combine(_folder.FullName, ".venv/bin/python"), Find()!.Python);
        Write("venv/bin/python");
        Assert.Equal(Path.Combine(_folder.FullName, "venv/bin/python"), Find()!.Python);
        Assert.Equal("python3.12", Find(python: "python3.12")!.Python);
        var failure = Assert.Throws<TalkException>(() => Find(python: "/no/such/python"));
        Assert.Contains("COMFYUI_PYTHON", failure.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port 8188")]
    [InlineData("--port=8188")]
    [InlineData("--lowvram 'open")]
    [InlineData("--lowvram \\")]
    public void Arguments_that_cannot_be_used_are_refused(string arguments)
    {
        Write("main.py");
        var failure = Assert.Throws<TalkException>(() => Find(arguments: arguments));
        Assert.Equal(ErrorCode.ArgumentInvalid, failure.Error.Code);
        Assert.Contains("COMFYUI_ARGS", failure.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  a\tb ", "a", "b")]
    [InlineData("a\\ b 'c d'e \"f \\\" '\" '' \"$HOME\"", "a b", "c de", "f \" '", "", "$HOME")]
    public void Words_are_split_as_a_shell_does(string text, params string[] words) => Assert.Equal(words, ShellWords.Split(text, "it"));

    private ComfyUIFolder? Find(string? python = null, string? arguments = null) => ComfyUIFolder.Find(name => name switch
    {
        "COMFYUI_PATH" => _folder.FullName,
        "COMFYUI_PYTHON" => python,
        "COMFYUI_ARGS" => arguments,
        _ => null,
    });

    private void Write(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }
}
