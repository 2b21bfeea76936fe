using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using WanTalk.Understudy.Nodes.Models;

namespace WanTalk.Understudy.Server;

/// <summary>
/// What ComfyUI's page in the browser asks for, and other clients after it. There is no such page here: / says what this is.
/// </summary>
internal sealed class BrowserRoutes
{
    private static readonly byte[] Page = Encoding.UTF8.GetBytes(
        "<!doctype html><html><head><title>WanTalk understudy</title></head><body><p>This is WanTalk's understudy, a preview engine that "
        + "speaks ComfyUI's protocol. It has no page to edit graphs with.</p></body></html>\n");

    /// <summary>The kinds of model files in the order of the real server, and the files of those that the understudy claims to have.</summary>
    private static readonly (string Folder, Func<ModelFiles, string[]> Files)[] Models =
    [
        ("checkpoints", _ => []), ("configs", _ => []), ("loras", files => files.Loras), ("vae", files => files.Vae),
        ("text_encoders", files => files.TextEncoders), ("diffusion_models", files => files.Diffusion),
        ("clip_vision", files => files.ClipVision), ("style_models", _ => []), ("embeddings", _ => []), ("diffusers", _ => []),
        ("vae_approx", _ => []), ("controlnet", _ => []), ("gligen", _ => []), ("upscale_models", _ => []),
        ("latent_upscale_models", _ => []), ("custom_nodes", _ => []), ("hypernetworks", _ => []), ("photomaker", _ => []),
        ("classifiers", _ => []), ("model_patches", _ => []), ("audio_encoders", _ => []), ("unet_gguf", files => files.Diffusion),
        ("wav2vec2", files => files.Wav2Vec), ("kjnodes_fonts", _ => []), ("VHS_video_formats", _ => []),
    ];

    private readonly DateTimeOffset _started;
    private readonly ModelFiles _files;

    public BrowserRoutes(TimeProvider time, ModelFiles files) => (_started, _files) = (time.GetUtcNow(), files);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", PageAsync);
        routes.MapGet("/embeddings", http => Answers.JsonAsync(http, new JsonArray()));
        routes.MapGet("/extensions", http => Answers.JsonAsync(http, new JsonArray()));
        routes.MapGet("/users", http => Answers.JsonAsync(http, new JsonObject { ["storage"] = "server", ["migrated"] = false }));
        routes.MapGet("/models", http => Answers.JsonAsync(http, Names(Models.Select(model => model.Folder))));
        routes.MapGet("/models/{folder}", ModelsAsync);
        routes.MapPatch("/internal/logs/subscribe", http =>
        {
            Answers.Empty(http, 200);
            return Task.CompletedTask;
        });
    }

    private async Task PageAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-cache";
        var tag = new EntityTagHeaderValue($"\"{_started.Ticks:x}-{Page.Length:x}\"");
        await Results.Bytes(Page, "text/html", enableRangeProcessing: true, lastModified: _started, entityTag: tag).ExecuteAsync(http);
    }

    private async Task ModelsAsync(HttpContext http, string folder)
    {
        var index = Array.FindIndex(Models, model => model.Folder == folder);
        if (index < 0)
            Answers.Empty(http, 404);
        else
            await Answers.JsonAsync(http, Names(Models[index].Files(_files)));
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
