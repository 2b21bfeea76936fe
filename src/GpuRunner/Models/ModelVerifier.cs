using System.Security.Cryptography;

namespace WanTalk.GpuRunner.Models;

/// <summary>Compares files with the manifest.</summary>
internal static class ModelVerifier
{
    /// <summary>Compares sizes only: fast enough for each start.</summary>
    public static ModelFinding Glance(ModelEntry model, string folder)
    {
        var file = new FileInfo(model.PathIn(folder));
        if (!file.Exists)
        {
            return new ModelFinding(model, ModelState.Missing, $"{model.LocalPath} is missing ({model.Id}).");
        }

        if (model.Size is { } size && file.Length != size)
        {
            return new ModelFinding(
                model, ModelState.Damaged, $"{model.LocalPath} has {file.Length} bytes, but the manifest says {size} ({model.Id}).");
        }

        return file.Length == 0
            ? new ModelFinding(model, ModelState.Damaged, $"{model.LocalPath} is empty ({model.Id}).")
            : new ModelFinding(model, model.IsLocked ? ModelState.Good : ModelState.Unlocked);
    }

    /// <summary>Compares sizes and SHA-256.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The models folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ModelFinding> VerifyAsync(ModelEntry model, string folder, CancellationToken cancellationToken)
    {
        var glance = Glance(model, folder);
        if (glance.State != ModelState.Good)
        {
            return glance;
        }

        await using var content = new FileStream(
            model.PathIn(folder), new FileStreamOptions { Mode = FileMode.Open, Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        return found == model.Sha256
            ? glance
            : new ModelFinding(
                model, ModelState.Damaged, $"{model.LocalPath} has the SHA-256 {found}, but the manifest says {model.Sha256} ({model.Id}).");
    }
}
