using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace WanTalk.GpuRunner.Health.StartUp;

/// <summary>Looks whether there is a GPU, and whether its driver is new enough for the image's CUDA; asks <c>nvidia-smi</c>.</summary>
/// <param name="pins">What PyTorch needs.</param>
/// <param name="logger">Told what was found.</param>
/// <param name="program">The program that is asked.</param>
internal sealed class GpuCheck(EnginePins pins, ILogger<GpuCheck> logger, string program = "nvidia-smi") : StartUpCheck
{
    private const string HowToGiveOne = "Give the container one (docker run --gpus all, or a GPU workload profile).";

    /// <summary>A driver that hangs is a problem as well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        string answer;
        try
        {
            answer = await AskAsync(cancellationToken);
        }
        catch (Win32Exception)
        {
            return [$"No NVIDIA driver is visible: there is no nvidia-smi. {HowToGiveOne}"];
        }
        catch (InvalidOperationException failure)
        {
            return [$"The GPU cannot be used: {failure.Message}"];
        }

        var gpus = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',', StringSplitOptions.TrimEntries)).Where(parts => parts.Length == 3).ToList();
        if (gpus.Count == 0)
        {
            return [$"There is no GPU: nvidia-smi lists none. {HowToGiveOne}"];
        }

        logger.LogInformation("GPU: {Name}, driver {Driver}, {Memory}", gpus[0][0], gpus[0][1], gpus[0][2]);
        return Version.TryParse(gpus[0][1], out var driver) && driver < Version.Parse(pins.Torch.LeastDriver)
            ? [$"The NVIDIA driver {driver} is too old for CUDA {pins.Torch.Cuda}, which needs {pins.Torch.LeastDriver} or newer. Update it."]
            : [];
    }

    private async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(
            program, ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException(
                    $"nvidia-smi ended with {process.ExitCode}: {$"{await output} {await error}".ReplaceLineEndings(" ").Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException(
                $"nvidia-smi did not answer within {Patience.TotalSeconds:0} s; the driver hangs. Restart the machine.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
