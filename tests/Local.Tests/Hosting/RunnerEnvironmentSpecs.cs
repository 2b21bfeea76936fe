using WanTalk.Core.Sampling;
using WanTalk.GpuRunner;
using WanTalk.Local.Hosting;

namespace WanTalk.Local.Tests.Hosting;

/// <summary>What a runner beside a host is told by an environment that was made for another.</summary>
public sealed class RunnerEnvironmentSpecs : IDisposable
{
    private readonly DirectoryInfo _comfyUI = Directory.CreateTempSubdirectory("wantalk-comfyui-");

    public RunnerEnvironmentSpecs() => File.WriteAllText(Path.Combine(_comfyUI.FullName, "main.py"), "");

    public void Dispose() => _comfyUI.Delete(recursive: true);

    [Fact]
    public void What_is_meant_for_a_runner_in_a_container_is_taken_away()
    {
        var changed = RunnerSupervisor.EnvironmentOf(new LocalOptions { Home = "home" }, _ => null);

        foreach (var name in RunnerEnvironment.OfContainers.Except([RunnerEnvironment.Presets]))
        {
            Assert.Equal("", changed[name]);
        }
    }

    [Fact]
    public void The_preset_of_talks_that_name_none_is_the_one_whose_models_have_to_be_there()
    {
        var changed = RunnerSupervisor.EnvironmentOf(new LocalOptions { Home = "home", DefaultPreset = SamplingPreset.Fast }, _ => null);
        var (options, _) = RunnerEnvironment.Read(name => changed.GetValueOrDefault(name));

        Assert.Equal([SamplingPreset.Fast], options.Presets);
    }

    [Theory]
    [InlineData("debug", true)]
    [InlineData("Warning", true)]
    [InlineData("verbose", false)]
    [InlineData(null, false)]
    public void A_level_of_ours_is_left_and_one_of_other_programs_is_not(string? level, bool isLeft) => Assert.Equal(
        isLeft,
        !RunnerSupervisor.EnvironmentOf(new LocalOptions { Home = "home" }, name => name == "LOG_LEVEL" ? level : null).ContainsKey("LOG_LEVEL"));

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(true, "http://box:8188", false)]
    [InlineData(false, null, false)]
    public void The_folder_of_models_holds_for_a_ComfyUI_of_this_machine_only(bool hasComfyUI, string? elsewhere, bool isLeft)
    {
        var options = new LocalOptions { Home = "home", ComfyUI = elsewhere is null ? null : new Uri(elsewhere) };
        var changed = RunnerSupervisor.EnvironmentOf(options, name => hasComfyUI && name == "COMFYUI_PATH" ? _comfyUI.FullName : null);

        Assert.Equal(isLeft, !changed.ContainsKey(RunnerEnvironment.Models));
    }
}
