namespace WanTalk.Understudy.Nodes.Models;

/// <summary>
/// The model files that are listed. Those below models/ in the engine's folder, if there is such a folder, as in the real server; else the
/// ones that the understudy claims to have.
/// </summary>
internal sealed class ModelFiles(string root)
{
    public string[] Diffusion => Below("diffusion_models", KnownModels.Diffusion);

    public string[] Loras => Below("loras", KnownModels.Loras);

    public string[] TextEncoders => Below("text_encoders", KnownModels.TextEncoders);

    public string[] Vae => Below("vae", KnownModels.Vae);

    public string[] ClipVision => Below("clip_vision", KnownModels.ClipVision);

    public string[] Wav2Vec => Below("wav2vec2", KnownModels.Wav2Vec);

    private string[] Below(string kind, string[] known)
    {
        var models = Path.Combine(root, "models");
        if (!Directory.Exists(models))
            return known;
        var folder = Path.Combine(models, kind);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path))
                .Order(StringComparer.Ordinal)]
            : [];
    }
}
