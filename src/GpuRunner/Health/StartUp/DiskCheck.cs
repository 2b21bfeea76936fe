using WanTalk.GpuRunner.Models;

namespace WanTalk.GpuRunner.Health.StartUp;

/// <summary>Looks whether the disk of the runner's home has room for the work in progress; looked at again and again.</summary>
/// <param name="options">The runner's settings.</param>
internal sealed class DiskCheck(RunnerOptions options) : IReadinessCheck
{
    /// <summary>
    /// What has to be free, in bytes: a talk's inputs, two lossless windows and their checkpoints, and the files that ffmpeg is at.
    /// </summary>
    public const long Least = 1_000_000_000;

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken)
    {
        var free = new DriveInfo(options.Home.Root).AvailableFreeSpace;
        return Task.FromResult<IReadOnlyList<string>>(free < Least
            ? [$"The disk of {options.Home.Root} has {ByteText.Of(free)} free; work needs {ByteText.Of(Least)}. Make room there."]
            : []);
    }
}
