using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Models;

namespace WanTalk.GpuRunner.Health.StartUp;

/// <summary>Looks whether the models of the runner's presets are there with the manifest's sizes; hashes are the pull's to compare.</summary>
/// <param name="options">The runner's settings.</param>
/// <param name="manifest">The manifest.</param>
internal sealed class ModelsCheck(RunnerOptions options, ModelManifest manifest) : StartUpCheck
{
    /// <inheritdoc/>
    protected override Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
    [
        .. manifest.For(options.Presets)
            .Select(model => ModelVerifier.Glance(model, options.Models!))
            .Where(finding => finding.State is ModelState.Missing or ModelState.Damaged)
            .Select(finding => $"{ErrorCatalog.Name(CodeOf(finding.State))}: {finding.Detail} Pull it into {options.Models} with 'models pull'."),
    ]);

    private static ErrorCode CodeOf(ModelState state) => state == ModelState.Missing ? ErrorCode.ModelMissing : ErrorCode.ModelDamaged;
}
